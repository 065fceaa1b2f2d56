import type { ExportJob } from "@docket/client";

import { Badge } from "../ui/badge.tsx";
import { DropZone } from "../ui/drop-zone.tsx";
import { formatBytes, shortened } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Progress } from "../ui/progress.tsx";
import { useFileHash, type FileHash } from "./file-hash.ts";

/** Checks whether a file is the one that was exported, without sending it anywhere. */
export function VerifyFile({ job }: { readonly job: ExportJob }) {
  const [hash, check] = useFileHash();
  return (
    <>
      <DropZone layout="row" onFiles={([file]) => check(file)}>
        <Icon name="shield" />
        <span>
          Drop a file, or <span className="drop-zone__link">choose one</span>, to compare it
        </span>
      </DropZone>
      <div role="status">{hash !== undefined && <Outcome hash={hash} job={job} />}</div>
    </>
  );
}

function Outcome({ hash, job }: { readonly hash: FileHash; readonly job: ExportJob }) {
  if (hash.state === "reading") {
    const { name, read, size } = hash;
    return (
      <div className="verify">
        <p className="text">
          Reading {name}: {formatBytes(read)} of {formatBytes(size)}
        </p>
        <Progress value={size === 0 ? undefined : (read / size) * 100} label="Reading the file" />
      </div>
    );
  }
  if (hash.state === "failed") {
    return (
      <Verdict
        name={hash.name}
        tone="negative"
        word="Not read"
        text="The browser could not read the file."
      />
    );
  }
  const { name, sha256 } = hash;
  if (sha256 === job.sha256) {
    return (
      <Verdict
        name={name}
        tone="positive"
        word="Identical"
        text="Every byte is as Docket wrote it."
      />
    );
  }
  if (sha256 === job.contentSha256) {
    return (
      <Verdict
        name={name}
        tone="positive"
        word="Identical"
        text="It is the content of the compressed file."
      />
    );
  }
  const text = `Its SHA-256 is ${shortened(sha256, 8, 8)}. It was changed, or belongs to another export.`;
  return <Verdict name={name} tone="negative" word="Different" text={text} />;
}

function Verdict({
  name,
  tone,
  word,
  text,
}: {
  readonly name: string;
  readonly tone: "positive" | "negative";
  readonly word: string;
  readonly text: string;
}) {
  return (
    <div className="verify">
      <p className="text">
        <Badge tone={tone} icon={tone === "positive" ? "check" : "alert"}>
          {word}
        </Badge>{" "}
        {name}
      </p>
      <p className="small secondary text">{text}</p>
    </div>
  );
}
