package metric

import (
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Verdict says how a table may be read.
type Verdict uint8

// Verdicts. The zero value refuses, so that a table nobody decided about is closed.
const (
	Refused Verdict = iota
	Open
	Filtered
)

// Decision is the verdict on one table, with its reason.
type Decision struct {
	Verdict    Verdict
	Reason     string
	Conditions []access.RowFilter // of Filtered: all must hold
}

// Policy decides about rows, for every table by alias.
type Policy struct{ Tables map[string]Decision }

// OpenTable lets every row be read.
func OpenTable(reason string) Decision { return Decision{Verdict: Open, Reason: reason} }

// FilteredTable lets rows be read for which all conditions hold. Without conditions it refuses.
func FilteredTable(reason string, conditions ...access.RowFilter) Decision {
	if len(conditions) == 0 {
		return RefusedTable(reason)
	}
	return Decision{Verdict: Filtered, Reason: reason, Conditions: conditions}
}

// RefusedTable lets nothing be read.
func RefusedTable(reason string) Decision { return Decision{Verdict: Refused, Reason: reason} }

// AllOpen is the policy of somebody who may read every table of an explore.
func AllOpen(aliases []string, reason string) Policy {
	policy := Policy{Tables: make(map[string]Decision, len(aliases))}
	for _, alias := range aliases {
		policy.Tables[alias] = OpenTable(reason)
	}
	return policy
}

// decide gives the conditions for a table, or a Forbidden fault.
func (p Policy) decide(alias string) ([]access.RowFilter, error) {
	decision, ok := p.Tables[alias]
	switch {
	case !ok:
		return nil, fault.New(fault.Forbidden, "Nothing says which rows of table %q you may see.", alias)
	case decision.Verdict == Open:
		return nil, nil
	case decision.Verdict == Filtered && len(decision.Conditions) > 0:
		return decision.Conditions, nil
	case decision.Reason != "":
		return nil, fault.New(fault.Forbidden, "You can't see rows of table %q: %s", alias, decision.Reason)
	}
	return nil, fault.New(fault.Forbidden, "You can't see rows of table %q.", alias)
}

// Calendar says what a day and a week are.
type Calendar struct {
	Zone      *time.Location // nil is UTC
	WeekStart *int           // 0 Monday … 6 Sunday; nil: the warehouse's own
}

// Options are what a plan depends on beside the query and the policy.
type Options struct {
	TrustSQL bool // whoever wrote the query's SQL may write SQL for the project

	Attributes    map[string][]string // values for ${ld.attribute.x}
	Known         map[string]bool     // attributes that the organization defines
	Email         string              // for ${ld.user.email}
	EmailVerified bool

	Calendar    Calendar
	Now         time.Time
	Granularity string // date zoom: Day, Week, Month, Quarter, Year
	GrainZone   string // IANA time zone in which instants are cut to intervals; empty cuts them as they are stored

	MaxLimit  int  // greatest limit of the query; 0 is none
	CSVLimit  *int // replaces the query's limit; negative means all rows
	CellLimit int  // greatest number of cells with CSVLimit; 0 is 100000

	Schema string // replaces the schema of every table

	Pivot *Pivot // of the query's rows; nil is none
}
