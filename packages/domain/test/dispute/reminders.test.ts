import { firstReminder } from "../../src/index.ts";

test.each([
  [1_000, 72],
  [72, 72],
  [71.99, 24],
  [24, 24],
  [23.99, 0],
  [0, 0],
  [-500, 0],
])("with %d hours left, the first reminder is that of %d hours", (hoursLeft, reminder) => {
  expect(firstReminder(hoursLeft)).toBe(reminder);
});
