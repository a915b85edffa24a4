let drawnBookings = "", servicesDrawn = false, services = {}, people = {};

const local = (iso) => {
  const moment = new Date(iso);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};
const utc = (text) => new Date(text).toISOString().replace(".000Z", "Z");
const over = (booking) => /CANCELLED|DECLINED/.test(booking.status);

function went({ way, statuses }) {
  const answers = statuses.length ? `answered ${statuses.map((each) => each || "nothing").join(", ")}` : "not sent now";
  return `Webhook: ${way}, ${answers}.`;
}

const tellSquare = (work) => async (event) => {
  event.preventDefault();
  const button = event.submitter || event.target;
  button.disabled = true;
  try { $("square-said").textContent = await work(event); } catch (error) { $("square-said").textContent = error.message; }
  button.disabled = false;
  drawnBookings = "";
};

async function change(booking, fields) {
  const wish = { ...fields, webhook: $("way").value };
  return went((await ask("PATCH", `/sandbox/square/bookings/${encodeURIComponent(booking.id)}`, wish)).webhook);
}

function drawBooking(booking) {
  const row = element("li", "", over(booking) ? { class: "over" } : {});
  const [segment] = booking.appointment_segments;
  const service = segment && services[segment.service_variation_id];
  const who = people[booking.customer_id] || "Unknown customer";
  const what = element("div", `${who}, ${service || "appointment"}`);
  what.append(element("small", `${booking.status.toLowerCase().replaceAll("_", " ")}, version ${booking.version}`));
  const start = element("input", "", { type: "datetime-local", step: 900, "aria-label": `Start of ${who}` });
  start.value = local(booking.start_at);
  const move = element("button", "Move", { class: "plain" });
  const cancel = element("button", "Cancel", { class: "plain" });
  move.onclick = tellSquare(() => change(booking, { start_at: utc(start.value) }));
  cancel.onclick = tellSquare(() => change(booking, { status: "CANCELLED_BY_SELLER" }));
  row.append(what, ...(over(booking) ? [element("span", start.value.replace("T", " "))] : [start, move, cancel]));
  return row;
}

function drawServices() {
  if (servicesDrawn) return;
  servicesDrawn = true;
  $("book").service.replaceChildren(...Object.entries(services).map(([id, name]) => element("option", name, { value: id })));
  const next = new Date(Math.ceil(Date.now() / 36e5 + 24) * 36e5);
  $("book").start.value = local(next);
}

async function load() {
  const [{ bookings }, { customers }, catalog] = await Promise.all(
    ["bookings", "customers", "services"].map((each) => ask("GET", `/sandbox/square/${each}`)));
  const items = Object.fromEntries(catalog.services.filter((each) => each.type === "ITEM").map((each) => [each.id, each.item_data.name]));
  services = Object.fromEntries(catalog.services.filter((each) => each.type === "ITEM_VARIATION")
    .map((each) => [each.id, items[each.item_variation_data.item_id]]));
  people = Object.fromEntries(customers.map((each) => [each.id, `${each.given_name || ""} ${each.family_name || ""}`.trim()]));
  drawServices();
  const since = new Date(Date.now() - 864e5).toISOString();
  const coming = bookings.filter((each) => each.start_at >= since);
  const state = JSON.stringify([coming, people, services]);
  // A list that is redrawn under a hand loses what the hand was about to move.
  if (state === drawnBookings || $("bookings").contains(document.activeElement)) return;
  drawnBookings = state;
  $("bookings").replaceChildren(...coming.map(drawBooking));
}

async function pollSquare() {
  try { await load(); } catch { $("square-said").textContent = "The stack does not answer."; }
  setTimeout(pollSquare, 2000);
}

$("book").onsubmit = tellSquare(async ({ target }) => {
  const [given_name, ...rest] = target.customer.value.trim().split(/\s+/);
  const known = given_name && await ask("POST", "/sandbox/square/customers", { given_name, family_name: rest.join(" ") });
  const catalog = (await ask("GET", "/sandbox/square/services")).services;
  const variation = catalog.find((each) => each.id === target.service.value);
  const segment = {
    duration_minutes: variation.item_variation_data.service_duration / 60000, service_variation_id: variation.id,
    service_variation_version: variation.version, team_member_id: "TM_ANA",
  };
  const fields = { start_at: utc(target.start.value), appointment_segments: [segment], ...(known ? { customer_id: known.customer.id } : {}) };
  const made = await ask("POST", "/sandbox/square/bookings", { ...fields, webhook: target.webhook.value });
  target.customer.value = "";
  return went(made.webhook);
});
pollSquare();
