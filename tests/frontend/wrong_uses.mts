// Each marked line is wrong and must not compile: tsc reports a mark whose next line has no error.
import type { ChangeList, Fee, OnlineChannel, paths, Problem, Service, Tag, TagChangesBody } from "./catalogue";

type Filters = NonNullable<paths["/api/v1/services"]["get"]["parameters"]["query"]>;

declare const service: Service;
declare const channel: OnlineChannel;
declare const change: ChangeList["items"][number];
declare const fee: Fee;
declare const problem: Problem;

// @ts-expect-error a member that is misspelt
service.nmae;
// @ts-expect-error English may be unknown
service.name.en.length;
// @ts-expect-error a channel's address may be unknown
new URL(channel.url);
// @ts-expect-error an amount may be unknown
fee.amount / 100;
// @ts-expect-error no tag is called so
service.tags.includes("no-visit");
// @ts-expect-error a removal has no name
change.name;
// @ts-expect-error the Chinese has a name of its own
problem.detail.zh;
export const tags: Tag[] = service.tags;
// @ts-expect-error a code of another list
export const tag: Tag = "individual";
// @ts-expect-error an unknown filter
export const misspelt: Filters = { onlin_for: ["individual"] };
// @ts-expect-error an unknown code
export const unknown: Filters = { online_for: ["citizen"] };
// @ts-expect-error a filter that is repeated is a list
export const single: Filters = { tag: "zero-visit" };
// @ts-expect-error a write needs a reason
export const unreasoned: TagChangesBody = { changes: [] };
