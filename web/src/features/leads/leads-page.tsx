import { memo, useMemo, useState } from "react";

import { LEAD_STATUSES, toLead, type Lead } from "@/api/persons";
import { LEADS } from "@/data/lists";
import { useMe } from "@/data/me";
import { PeoplePage } from "@/parts/people-page";
import { NameCell, PhoneCell } from "@/parts/person-cells";
import { usePeopleQuery } from "@/parts/use-people-list";
import type { Column, Selection } from "@/parts/virtual-table";
import { LeadStatusButton } from "@/ui/buttons/lead-status-button";
import { useClock } from "@/ui/clock";
import { dateOf, moneyOf } from "@/ui/format";
import { useMessages } from "@/ui/messages";
import { BulkBar } from "./bulk-bar";
import { PipelineChart } from "./pipeline-chart";

/** The sales pipeline as a table of any length: looked through, sorted, moved one by one or many at once. */
export default function LeadsPage() {
  const messages = useMessages();
  const { chosen, choose, selection } = useChosen();
  return (
    <PeoplePage
      kind="lead"
      source={LEADS}
      toPerson={toLead}
      statuses={LEAD_STATUSES}
      statusOf={statusOf}
      valueOf={valueOf}
      columns={useColumns()}
      words={messages.leads}
      selection={selection}
      summary={(all) => <PipelineChart leads={all} />}
    >
      {(shown) =>
        chosen.size > 0 && (
          <BulkBar
            leads={shown.filter(({ id }) => chosen.has(id))}
            onClear={() => choose(NOBODY.ids)}
          />
        )
      }
    </PeoplePage>
  );
}

function statusOf({ status }: Lead): string {
  return status;
}

/** Who is chosen, under the filter under which they were. */
function useChosen() {
  const { leads } = useMessages();
  const { status, text } = usePeopleQuery();
  const [picked, setPicked] = useState<{
    readonly filter: string;
    readonly ids: ReadonlySet<string>;
  }>(NOBODY);
  // Another filter is another question: what was chosen before is chosen no more.
  const filter = `${status}\n${text}`;
  const chosen = picked.filter === filter ? picked.ids : NOBODY.ids;
  const choose = (ids: ReadonlySet<string>): void => setPicked({ filter, ids });
  const selection = (shown: readonly Lead[]): Selection<Lead> => ({
    chosen,
    labelOf: ({ name }) => leads.select(name),
    toggle: ({ id }) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      choose(next);
    },
    toggleAll: () =>
      choose(
        shown.every(({ id }) => chosen.has(id)) ? NOBODY.ids : new Set(shown.map(({ id }) => id)),
      ),
  });
  return { chosen, choose, selection };
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
        cell: ({ id, name }) => <NameCell kind="lead" id={id} name={name} />,
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
        cell: ({ phone }) => <PhoneCell phone={phone} />,
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
