/** Texts of a tenant that must appear as they are: markup, direction overrides, and a word without a break. */
export const HOSTILE = `<script>window.attacked=1</script><img src=x onerror="window.attacked=1"> \u202Eevil\u202C ${"W".repeat(180)}`;
