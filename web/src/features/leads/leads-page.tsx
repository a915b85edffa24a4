import { memo, useCallback, useMemo, useState } from "react";

import { LEAD_STATUSES, toLead, type Lead } from "@/api/persons";
import { LEADS } from "@/data/lists";
import { useMe } from "@/data/me";
import { useList } from "@/data/use-list";
import { PeopleFilter } from "@/parts/people-filter";
import { usePeople, usePeopleQuery } from "@/parts/use-people-list";
import { VirtualTable, type Column } from "@/parts/virtual-table";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { useClock } from "@/ui/clock";
import { Flash } from "@/ui/flash";
import { dateOf, moneyOf, phoneOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem, StaleLine } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { UpdatedAgo } from "@/ui/updated-ago";
import { useSheet } from "@/ui/use-sheet";
import page from "@/ui/page.module.css";
import { BulkBar } from "./bulk-bar";
import styles from "./leads-page.module.css";

/** The sales pipeline as a table of any length: looked through, sorted, moved one by one or many at once. */
export default function LeadsPage() {
  const messages = useMessages();
  const list = useList(LEADS);
  const query = usePeopleQuery();
  const all = useMemo(() => list.views.flatMap(({ row }) => toLead(row) ?? []), [list.views]);
  const ofStatus = useMemo(
    () => (query.status === "" ? all : all.filter(({ status }) => status === query.status)),
    [all, query.status],
  );
  const leads = usePeople(ofStatus, query, valueOf, messages.locale);
  const [picked, setPicked] = useState<{
    readonly filter: string;
    readonly ids: ReadonlySet<string>;
  }>(NOBODY);
  // Another filter is another question: what was chosen before is chosen no more.
  const filter = `${query.status}\n${query.text}`;
  const chosen = picked.filter === filter ? picked.ids : NOBODY.ids;
  const choose = (ids: ReadonlySet<string>): void => setPicked({ filter, ids });
  const columns = useColumns();
  const { show } = useSheet();
  const open = useCallback(({ id }: Lead) => show("lead", id), [show]);
  return (
    <div className={styles.page}>
      <PageHeader
        title={messages.leads.title}
        subtitle={list.isKnown ? messages.leads.count(all.length) : undefined}
      >
        <UpdatedAgo
          readAt={list.readAt}
          busy={list.isRefreshing}
          failed={list.error !== null}
          onRefresh={list.refresh}
        />
      </PageHeader>
      {list.error !== null && list.isKnown && <StaleLine error={list.error} />}
      {list.isKnown && (
        <PeopleFilter
          query={query}
          statuses={LEAD_STATUSES.map((status) => ({
            status,
            count: all.filter((lead) => lead.status === status).length,
          }))}
        />
      )}
      {list.isLoading && <SkeletonRows rows={14} />}
      {list.error !== null && !list.isKnown && (
        <ListProblem what={messages.leads.title} error={list.error} onRetry={list.refresh} />
      )}
      {list.isKnown && leads.length === 0 && (
        <Notice
          title={all.length === 0 ? messages.leads.empty : messages.list.noMatch}
          text={all.length === 0 ? messages.leads.emptyHint : undefined}
        />
      )}
      {list.isKnown && leads.length > 0 && (
        <VirtualTable
          label={messages.leads.title}
          rows={leads}
          columns={columns}
          sort={query.sort === "" ? "name" : query.sort}
          onSort={(sort) => query.set("sort", sort)}
          onOpen={open}
          rowProps={({ id, status }) => ({ "data-lead-id": id, "data-status": status })}
          selection={{
            chosen,
            labelOf: ({ name }) => messages.leads.select(name),
            toggle: ({ id }) => {
              const next = new Set(chosen);
              if (!next.delete(id)) next.add(id);
              choose(next);
            },
            toggleAll: () =>
              choose(
                leads.every(({ id }) => chosen.has(id))
                  ? NOBODY.ids
                  : new Set(leads.map(({ id }) => id)),
              ),
          }}
        />
      )}
      {chosen.size > 0 && (
        <BulkBar
          leads={leads.filter(({ id }) => chosen.has(id))}
          onClear={() => choose(NOBODY.ids)}
        />
      )}
    </div>
  );
}

const NOBODY: { readonly filter: string; readonly ids: ReadonlySet<string> } = {
  filter: "",
  ids: new Set(),
};

function valueOf(lead: Lead, column: string): string | number | null {
  switch (column) {
    case "value":
      return lead.value_cents;
    case "status":
      return LEAD_STATUSES.findIndex((status) => status === lead.status);
    case "changed":
      return lead.updated_at;
    case "source":
      return lead.source;
    default:
      return lead.name;
  }
}

function useColumns(): readonly Column<Lead>[] {
  const messages = useMessages();
  const clock = useClock();
  const { org } = useMe();
  return useMemo(() => {
    const { leads } = messages;
    return [
      {
        key: "name",
        title: leads.name,
        width: "minmax(10rem, 1.4fr)",
        sortable: true,
        cell: (lead) => <Name lead={lead} />,
      },
      {
        key: "status",
        title: leads.status,
        width: "9.5rem",
        sortable: true,
        cell: (lead) => <Status lead={lead} />,
      },
      {
        key: "phone",
        title: leads.phone,
        width: "8.5rem",
        wideOnly: true,
        cell: ({ phone }) => (phone === null ? "" : phoneOf(phone)),
      },
      {
        key: "interest",
        title: leads.interest,
        width: "minmax(7rem, 1fr)",
        wideOnly: true,
        cell: (lead) => lead.service_interest,
      },
      {
        key: "source",
        title: leads.source,
        width: "6rem",
        sortable: true,
        wideOnly: true,
        cell: (lead) => lead.source?.replaceAll("_", " "),
      },
      {
        key: "value",
        title: leads.value,
        width: "5.5rem",
        sortable: true,
        wideOnly: true,
        cell: (lead) =>
          lead.value_cents === null ? "" : moneyOf(lead.value_cents, clock.locale, org.currency),
      },
      {
        key: "changed",
        title: leads.changed,
        width: "6rem",
        sortable: true,
        wideOnly: true,
        cell: (lead) => (lead.updated_at === null ? "" : dateOf(lead.updated_at, clock)),
      },
    ];
  }, [messages, clock, org.currency]);
}

const Name = memo(function Name({ lead: { id, name } }: { readonly lead: Lead }) {
  const messages = useMessages();
  const { show } = useSheet();
  return (
    <span className={styles.name}>
      <button
        type="button"
        className={page.nameButton}
        tabIndex={-1}
        onClick={() => show("lead", id)}
      >
        {name === "" ? messages.list.unnamed : name}
      </button>
      <Flash table="leads" id={id} />
    </span>
  );
});

const Status = memo(function Status({ lead: { id, name, status } }: { readonly lead: Lead }) {
  return (
    <LeadStatusButton
      leadId={id}
      currentStatus={status}
      variant="with-confirm"
      context={name}
      notes="floating"
    />
  );
});
