import { sendEmpty, sendXml, type Exchange } from "../exchange.ts";
import { document, element } from "../xml.ts";

export async function listBuckets({ response, buckets }: Exchange): Promise<void> {
  const content = (await buckets.list()).map(
    ({ name, createdAt }) =>
      `<Bucket>${element("Name", name)}${element("CreationDate", createdAt.toISOString())}</Bucket>`,
  );
  sendXml(response, document("ListAllMyBucketsResult", `<Buckets>${content.join("")}</Buckets>`));
}

export async function headBucket({ response, target, buckets }: Exchange): Promise<void> {
  buckets.get(target.bucket);
  sendEmpty(response, 200);
}

export async function createBucket({ response, target, buckets }: Exchange): Promise<void> {
  await buckets.create(target.bucket);
  sendEmpty(response, 200, { location: `/${target.bucket}` });
}
