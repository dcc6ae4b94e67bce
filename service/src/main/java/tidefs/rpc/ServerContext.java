package tidefs.rpc;

import tidefs.base.Clock;

/** What the connections of a server share. */
record ServerContext(Programs programs, Limits limits, Clock clock, ServerCounters counters) {}
