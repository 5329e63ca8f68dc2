"""Tables edited in the product. Every row is valid from a date: yesterday keeps yesterday's rules.

The row in force on a day is, per identity (the key without `valid_from`), the one with the latest
`valid_from` on or before that day; a row with `retired` ends the identity from that day on.
"""

from __future__ import annotations

from kpi.schema.configuration_alerts import INFORMING
from kpi.schema.configuration_costs import HOUR_RATES
from kpi.schema.configuration_feeds import EXPECTED_FEEDS
from kpi.schema.configuration_steering import STEERING
from kpi.schema.model import AtLeast, Between, Column, Matches, Table, Type
from kpi.schema.parts import identity as _id
from kpi.schema.parts import text as _text
from kpi.schema.parts import titles as _titles
from kpi.schema.parts import versioned as _versioned
from kpi.text import N_

LANGUAGES = ("nl", "en")

PROCESSES = _versioned(
    "processes",
    N_("A customer process: its owner, norm, calendar and survey scale"),
    (_id("process", N_("Customer process"), "fault"),),
    (
        *_titles(),
        _text("owner", N_("Process owner (klantprocesregisseur)"), "Klantprocesregisseur Storingen"),
        Column("position", Type.INTEGER, N_("Order on screen"), "4"),
        Column("norm", Type.NUMBER, N_("Norm for handling a case"), "2", rule=AtLeast()),
        _text(
            "norm_unit", N_("Working days or hours"), "working_days",
            values=("working_days", "hours"),
        ),
        _text("calendar", N_("Calendar of its working time"), "office"),
        _text("survey_scale", N_("Scale of satisfaction; empty: decided by the data"), "csat5",
              values=("csat5", "grade10")),
        _text("colour", N_("Colour of its series"), "#D55E00"),
    ),
)  # fmt: skip

MOMENTS = _versioned(
    "moments",
    N_("A contact moment in the chain of a process"),
    (
        _id("process", N_("Customer process"), "fault"),
        _id("moment", N_("Contact moment"), "appointment"),
    ),
    (
        *_titles(),
        Column("position", Type.INTEGER, N_("Order in the chain"), "3"),
        _text("phase", N_("Promise, deliver or settle"), "promise",
              values=("promise", "deliver", "settle")),
        Column("optional", Type.BOOLEAN, N_("Not every customer passes it"), "no"),
        _text("owner", N_("Line manager who owns the moment"), "Planning"),
        _text("supervisor", N_("Who supervises it"), "Service manager"),
        _text("goal", N_("What it is for"), "An appointment that suits the customer"),
        _text("information", N_("Information exchanged"), "Day and time slot"),
        _text("experience", N_("Intended experience"), "Taken seriously"),
        _text("message", N_("What we tell the customer"), "We come on Tuesday morning"),
        _text("channels", N_("Channels, separated by commas"), "phone, portal"),
        Column("cost", Type.NUMBER, N_("Cost of performing it, euro"), "4.50", rule=AtLeast()),
        Column("effort", Type.NUMBER, N_("Effort for the customer, 1-7"), "2",
               rule=Between(low=1, high=7)),
        Column("known", Type.BOOLEAN, N_("Employees know it"), "yes"),
        Column("able", Type.BOOLEAN, N_("Employees can do it"), "yes"),
        Column("supported", Type.BOOLEAN, N_("Employees are supported"), "yes"),
    ),
)  # fmt: skip

REASONS = _versioned(
    "reasons",
    N_("A reason for contact: the process it belongs to, its kind and default category"),
    (_id("reason", N_("Reason for contact"), "order_status"),),
    (
        *_titles(),
        _text("process", N_("Customer process"), "request"),
        _text(
            "kind", N_("What kind of contact it is"), "status",
            values=("question", "request", "status", "fault", "complaint", "tip", "document",
                    "cancellation", "reassurance", "other"),
        ),
        _text("category", N_("Default category"), "hygiene",
              values=("valuable", "hygiene", "unnecessary")),
        _text("cause", N_("Cause where the default is unnecessary"), "status_unknown"),
        _text("parent", N_("Broader reason in the tree"), "order"),
    ),
)  # fmt: skip

CAUSES = _versioned(
    "causes",
    N_("A cause of unnecessary contact and the department that causes it"),
    (_id("cause", N_("Cause"), "late_delivery"),),
    (*_titles(), _text("department", N_("Causing department"), "logistics")),
)

DEPARTMENTS = _versioned(
    "departments",
    N_("A department"),
    (_id("department", N_("Department"), "logistics"),),
    (*_titles(), Column("line", Type.INTEGER, N_("First or second line"), "2")),
)

CHANNELS = _versioned(
    "channels",
    N_("A channel: live or not, online or not, and what a contact costs"),
    (_id("channel", N_("Channel"), "phone"),),
    (
        *_titles(),
        Column("live", Type.BOOLEAN, N_("The customer waits on the line (phone, chat)"), "yes"),
        Column("online", Type.BOOLEAN, N_("Self-service online"), "no"),
        Column("unit_cost", Type.NUMBER, N_("Cost of a contact, euro"), "7.50", rule=AtLeast()),
        Column("unit_cost_sample", Type.BOOLEAN, N_("The cost is a sample"), "yes"),
        Column("position", Type.INTEGER, N_("Order on screen"), "1"),
    ),
)

CHANNEL_STRATEGY = _versioned(
    "channel_strategy",
    N_("Per reason the preferred, supporting and discouraged channels"),
    (
        _id("reason", N_("Reason for contact"), "address"),
        _text("value_class", N_("Value of the customer; empty for all"), "", required=True, default=""),
    ),
    (
        _text("preferred", N_("Preferred channels, separated by commas"), "portal"),
        _text("supporting", N_("Supporting channels, separated by commas"), "chat"),
        _text("discouraged", N_("Discouraged channels, separated by commas"), "phone"),
    ),
)  # fmt: skip

_CLOCK = Matches(
    pattern="([01][0-9]|2[0-3]):[0-5][0-9]|24:00", sentence=N_("is not a clock time like 09:00")
)
CALENDARS = _versioned(
    "calendars",
    N_("Working or opening time per weekday; a weekday without a row is closed"),
    (
        _id("calendar", N_("Calendar"), "office"),
        Column("weekday", Type.INTEGER, N_("1 Monday … 7 Sunday"), "1", required=True,
               rule=Between(low=1, high=7)),
    ),
    (
        _text("opens", N_("Opens at, local"), "09:00", rule=_CLOCK),
        _text("closes", N_("Closes at, local; 24:00 is midnight"), "17:00", rule=_CLOCK),
        Column("keeps_holidays", Type.BOOLEAN, N_("Closed on public holidays"), "yes"),
    ),
)  # fmt: skip

HOLIDAYS = _versioned(
    "holidays",
    N_("An exception to the public holidays: an extra closing day, or a holiday that is worked"),
    (
        _id("calendar", N_("Calendar"), "office"),
        Column("day", Type.DATE, N_("The day"), "2026-12-24", required=True),
    ),
    (
        _text("name", N_("Name"), "Day before Christmas"),
        Column("closed", Type.BOOLEAN, N_("Closed that day"), "yes"),
    ),
)

TARGETS = _versioned(
    "targets",
    N_("What a KPI should reach, per process, and who set it"),
    (
        _id("kpi", N_("KPI"), "within_norm"),
        _text("process", N_("Customer process; empty for all"), "fault", required=True, default=""),
    ),
    (
        Column("value", Type.NUMBER, N_("Target"), "90"),
        _text("owner", N_("Who set it"), "Management"),
        Column("sample", Type.BOOLEAN, N_("A sample, not yet decided"), "yes"),
    ),
)

CODES = _versioned(
    "codes",
    N_("How a value from a source is understood; without a row it stays as it came"),
    (
        _text("dictionary", N_("What is coded"), "process", required=True,
              values=("process", "reason", "channel", "status", "cause", "emotion",
                      "department", "moment")),
        _id("as_came", N_("The value as it came, trimmed and case-folded"), "melding"),
    ),
    (
        _text("understood", N_("What it means; empty: ignore on purpose"), "fault"),
        Column("ignored", Type.BOOLEAN, N_("Known and left unmapped on purpose"), "no"),
    ),
)  # fmt: skip

ROLES = _versioned(
    "roles",
    N_("A role and what it may see and do"),
    (_id("role", N_("Role"), "process_owner"),),
    (
        *_titles(),
        _text("rights", N_("Rights, separated by commas"), "see_numbers, edit_actions"),
        _text("processes", N_("Processes it may see, separated by commas; empty for all"), "fault"),
    ),
)

ANNOUNCEMENTS = _versioned(
    "announcements",
    N_("An outage, an offer or a message, shown until it ends"),
    (_id("announcement", N_("Announcement"), "outage-utrecht"),),
    (
        _text("kind", N_("Outage, offer or message"), "outage",
              values=("outage", "offer", "message")),
        *_titles(),
        _text("body_nl", N_("Text, Dutch"), "Monteurs zijn onderweg"),
        _text("body_en", N_("Text, English"), "Engineers are on their way"),
        Column("starts_at", Type.TIMESTAMP, N_("Shown from"), "2026-03-31 14:05"),
        Column("ends_at", Type.TIMESTAMP, N_("Shown until"), "2026-03-31 18:00"),
        _text("processes", N_("Processes, separated by commas; empty for all"), "fault"),
    ),
)  # fmt: skip

ACTIONS = _versioned(
    "actions",
    N_("An improvement action: what it should move, in which direction, from when to when"),
    (_id("action", N_("Action"), "A-12"),),
    (
        _text("title", N_("What is done"), "Send a track and trace mail"),
        _text("process", N_("Customer process"), "request"),
        _text("moment", N_("Contact moment"), "status_message"),
        _text("reason", N_("Reason for contact it addresses"), "order_status"),
        _text("cause", N_("Cause it takes away"), "status_unknown"),
        _text("kpi", N_("KPI it should move"), "avoidable"),
        _text("direction", N_("Up or down"), "down", values=("up", "down")),
        Column("target", Type.NUMBER, N_("What it should reach"), "15"),
        Column("starts_on", Type.DATE, N_("Takes effect on"), "2026-02-01"),
        Column("stops_on", Type.DATE, N_("Ends or is evaluated on"), "2026-06-01"),
        _text("owner", N_("Who acts"), "Teamleider Logistiek", personal=True),
        _text("department", N_("Department that solves it"), "logistics"),
        _text("state", N_("Where it stands"), "running",
              values=("planned", "running", "done", "stopped")),
        _text("result", N_("Customer result in words"), "The customer knows when it comes"),
    ),
)  # fmt: skip

STAFF_SIGNALS = _versioned(
    "staff_signals",
    N_("What employees signal about a moment or a norm"),
    (_id("signal", N_("Signal"), "S-4"),),
    (
        _text("process", N_("Customer process"), "fault"),
        _text("moment", N_("Contact moment"), "appointment"),
        _text("text", N_("What should be better"), "Norm for call time hinders explaining",
              personal=True),
        _text("department", N_("Department"), "customer_service"),
        Column("hinders", Type.BOOLEAN, N_("A norm stands in the way"), "yes"),
        _text("state", N_("Where it stands"), "new", values=("new", "taken_up", "done", "declined")),
    ),
)  # fmt: skip

BLUEPRINTS = _versioned(
    "blueprints",
    N_("One cell of a service blueprint"),
    (
        _id("process", N_("Customer process"), "fault"),
        _id("moment", N_("Contact moment"), "appointment"),
        _text("layer", N_("Layer of the blueprint"), "backstage", required=True,
              values=("customer", "frontstage", "backstage", "support", "pain", "truth",
                      "question", "message")),
        _id("item", N_("Item within the cell"), "1"),
    ),
    (
        _text("text", N_("What happens or is said"), "Planner looks for an engineer"),
        _text("department", N_("Who takes part"), "planning"),
        _text("channel", N_("Channel"), "phone"),
        _text("audience", N_("For whom"), "households"),
    ),
)  # fmt: skip

FUNNELS = _versioned(
    "funnels",
    N_("One step of a configured funnel"),
    (
        _id("funnel", N_("Funnel"), "order"),
        _id("step", N_("Step"), "basket"),
    ),
    (
        *_titles(),
        Column("position", Type.INTEGER, N_("Order of the step"), "2"),
        _text("entity", N_("What is counted"), "web", values=("web", "case", "customer")),
        _text("process", N_("Customer process"), "request"),
        _text("kind", N_("Sales or service"), "sales", values=("sales", "service")),
        Column("window_days", Type.NUMBER, N_("Window from entry, days"), "14", rule=AtLeast()),
    ),
)  # fmt: skip

SCREENS = _versioned(
    "screens",
    N_("An information screen: what it shows and how"),
    (_id("screen", N_("Screen"), "floor-2"),),
    (
        *_titles(),
        _text("views", N_("Views in order, separated by commas"), "complaints, scoreboard"),
        Column("seconds", Type.INTEGER, N_("Seconds per view"), "20", rule=AtLeast(minimum=5,
               sentence=N_("must be 5 seconds or more"))),
        _text("processes", N_("Processes, separated by commas; empty for all"), "fault"),
        _text("language", N_("Language"), "nl", values=LANGUAGES),
        _text("theme", N_("Dark or light"), "dark", values=("dark", "light")),
    ),
)  # fmt: skip

SOURCE_LINKS = _versioned(
    "source_links",
    N_("Where a row can be opened in its source system"),
    (_id("table_name", N_("Table"), "cases"),),
    (
        _text("url_template", N_("Address with {id}"), "https://crm.example.org/case/{id}",
              rule=Matches(pattern="https?://[^\\s]*[{]id[}][^\\s]*",
                           sentence=N_("is not an http(s) address with {id} in it"))),
    ),
)  # fmt: skip

FEED_PROFILES = _versioned(
    "feed_profiles",
    N_("A saved profile: how one feed is read"),
    (_id("profile", N_("Profile"), "complaints from the case system"),),
    (
        _text("toml", N_("The profile as TOML"), 'name = "complaints"'),
        _text("file_pattern", N_("File names it is used for"), "complaints_*.csv"),
    ),
)

CONFIGURATION: tuple[Table, ...] = (
    PROCESSES,
    MOMENTS,
    REASONS,
    CAUSES,
    DEPARTMENTS,
    CHANNELS,
    CHANNEL_STRATEGY,
    CALENDARS,
    HOLIDAYS,
    TARGETS,
    CODES,
    ROLES,
    ANNOUNCEMENTS,
    ACTIONS,
    STAFF_SIGNALS,
    BLUEPRINTS,
    FUNNELS,
    SCREENS,
    SOURCE_LINKS,
    FEED_PROFILES,
    *STEERING,
    EXPECTED_FEEDS,
    *INFORMING,
    HOUR_RATES,
)
