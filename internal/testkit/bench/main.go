// Command bench measures what the server adds to the warehouse: the built binary over HTTP against the same SQL run
// directly in DuckDB from Go, in turns, in one run, on the demo's data. It prints ratios and differences; nothing is
// asserted.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver "duckdb"
)

func main() {
	binary := flag.String("binary", "bin/inlay", "the built binary")
	data := flag.String("data", "data/bench", "folder for the demo's data; kept between runs")
	rounds := flag.Int("rounds", 60, "pairs of runs a shape")
	flag.Parse()
	if err := measure(*binary, *data, *rounds); err != nil {
		log.Fatal(err)
	}
}

func measure(binary, data string, rounds int) error {
	ctx := context.Background()
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	if err := prepare(ctx, binary, data); err != nil {
		return err
	}
	cold, err := coldStarts(ctx, binary, data, 7)
	if err != nil {
		return err
	}
	s, err := start(ctx, binary, data)
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(time.Second)
	idle := s.memory()

	// Read-only and with a thread for each processor, as the server opens it.
	direct, err := sql.Open("duckdb", fmt.Sprintf("%s?access_mode=read_only&threads=%d", filepath.Join(data, "warehouse.duckdb"), runtime.NumCPU()))
	if err != nil {
		return err
	}
	defer func() { _ = direct.Close() }() // read only

	fmt.Printf("cold start to a healthy answer   %s\n", cold)
	fmt.Printf("resident memory, idle            %.0f MB\n\n", idle)
	if err := shapesAgainstDirect(ctx, s, direct, rounds); err != nil {
		return err
	}
	if err := cachedAnswers(ctx, s); err != nil {
		return err
	}
	if err := compiles(ctx, s); err != nil {
		return err
	}
	return manyFilters(ctx, s, 50_000, 10_000)
}
