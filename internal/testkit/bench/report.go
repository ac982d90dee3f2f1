package main

import (
	"fmt"
	"io"
	"time"
)

// report prints a table for each section: what was measured, its figure, what it must show, and whether it does.
type report struct {
	out             io.Writer
	promised, holds int
}

func newReport(out io.Writer) *report { return &report{out: out} }

func (r *report) section(title string) { fmt.Fprintf(r.out, "\n%s\n", title) }

// note prints a figure of which nothing is promised.
func (r *report) note(what, format string, args ...any) {
	fmt.Fprintf(r.out, "    %-46s %s\n", what, fmt.Sprintf(format, args...))
}

// judge prints a figure beside its limit.
func (r *report) judge(what string, holds bool, limit, format string, args ...any) {
	mark := "✗"
	r.promised++
	if holds {
		mark = "✓"
		r.holds++
	}
	fmt.Fprintf(r.out, "  %s %-46s %-58s %s\n", mark, what, fmt.Sprintf(format, args...), limit)
}

// within judges a time.
func (r *report) within(what string, took, limit time.Duration, format string, args ...any) {
	r.judge(what, took <= limit, "≤ "+limit.String(), "%s  %s", took, fmt.Sprintf(format, args...))
}

func (r *report) end() { fmt.Fprintf(r.out, "\n%d of %d hold\n", r.holds, r.promised) }
