// Command bench measures the built binary over HTTP, as a local client sees it: queries and exports against the same SQL
// run directly in DuckDB, in turns; reads of content; how sessions begin. It prints what was measured beside what it must show
// and asserts nothing. docs/benchmarks.md says what each line means.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// bench is one run.
type bench struct {
	binary string
	data   string        // folder that is kept between runs
	span   time.Duration // how long one line is measured, about
	*report
}

func main() {
	b := bench{report: newReport(os.Stdout)}
	flag.StringVar(&b.binary, "binary", "bin/inlay", "the built binary")
	flag.StringVar(&b.data, "data", "data/bench", "folder for the data; kept between runs")
	flag.DurationVar(&b.span, "span", 3*time.Second, "how long one line is measured, about")
	only := flag.String("only", "", "sections, separated by commas; all of them unless set: shapes, export, content, access")
	flag.Parse()
	if err := b.run(context.Background(), *only); err != nil {
		log.Fatal(err)
	}
}

func (b *bench) run(ctx context.Context, only string) error {
	known := false
	for _, section := range []struct {
		name    string
		measure func(context.Context) error
	}{{"shapes", b.shapes}, {"export", b.export}, {"content", b.content}, {"access", b.access}} {
		if only != "" && !strings.Contains(","+only+",", ","+section.name+",") {
			continue
		}
		known = true
		if err := section.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
	}
	if !known {
		return fmt.Errorf("there is no section %q", only)
	}
	b.end()
	return nil
}

// folder of one set of data.
func (b *bench) folder(name string) string { return filepath.Join(b.data, name) }
