package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// exportPool is the memory that DuckDB gets while exports are measured. It keeps what it read of its file in that, so
// that memory above it is the export's.
const exportPool = "32MB"

const exportQuery = `{"exploreName": "orders", "dimensions": ["orders_order_id", "orders_channel", "orders_status", "orders_ordered_at_raw",
"orders_amount"], "metrics": [], "filters": {}, "sorts": [], "limit": 1, "tableCalculations": [], "csvLimit": null, "onlyRaw": %t,
"showTableNames": false, "columnOrder": []}`

// export compares exports of all orders as CSV with DuckDB's own COPY of the same columns, both to a file.
func (b *bench) export(ctx context.Context) error {
	const name = "10m"
	if err := b.prepare(ctx, name, 10_000_000); err != nil {
		return err
	}
	direct, err := b.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = direct.Close() }() // read only
	b.section("export of 10m orders as CSV, DuckDB with " + exportPool)
	for _, form := range []struct {
		name string
		raw  bool
	}{{"raw values", true}, {"values as shown", false}} {
		if err := b.exportAs(ctx, name, form.name, fmt.Sprintf(exportQuery, form.raw), direct); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) exportAs(ctx context.Context, name, form, body string, direct *sql.DB) error {
	s, err := b.start(ctx, name, "--csv-cells-limit", "1000000000", "--duckdb-memory", exportPool)
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(time.Second)
	idle, peak := s.memory(), 0.0
	took, err := inTurns(0, func(int) error { return nil },
		func() error {
			most, err := s.exported(ctx, body, b.folder(name))
			peak = max(peak, most)
			return err
		},
		func() error { return b.copied(ctx, direct, name) })
	if err != nil {
		return err
	}
	ours, theirs := median(took[0]), median(took[1])
	b.judge(form+": speed of COPY", ratio(theirs, ours) >= 0.6, "≥ 0.60", "%.2f  (%s, COPY %s)", ratio(theirs, ours), ours, theirs)
	b.judge(form+": memory over idle", peak-idle <= 100, "≤ 100 MB", "%.0f MB  (%.0f MB, idle %.0f MB)", peak-idle, peak, idle)
	return nil
}

// exported makes an export and removes its file; it gives the greatest resident memory meanwhile, in MB.
func (s *running) exported(ctx context.Context, body, folder string) (peak float64, err error) {
	var job struct{ JobID string }
	if err := s.native(ctx, "POST", s.project()+"/explores/orders/downloadCsv", body, &job); err != nil {
		return 0, err
	}
	for {
		var task struct {
			Status  string
			Details map[string]any
		}
		if err := s.native(ctx, "GET", "/api/v1/schedulers/job/"+job.JobID+"/status", "", &task); err != nil {
			return 0, err
		}
		peak = max(peak, s.memory())
		switch {
		case task.Status == "error":
			return 0, fmt.Errorf("the export failed: %v", task.Details)
		case task.Status == "completed":
			return peak, removeAll(filepath.Join(folder, "files", "*"))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func removeAll(pattern string) error {
	paths, err := filepath.Glob(pattern)
	for _, path := range paths {
		if err == nil {
			err = os.Remove(path)
		}
	}
	return err
}

func (b *bench) copied(ctx context.Context, direct *sql.DB, name string) error {
	path, err := filepath.Abs(filepath.Join(b.folder(name), "copy.csv"))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(path) }() // it was only measured
	_, err = direct.ExecContext(ctx, "COPY (SELECT order_id, channel, status, ordered_at, amount FROM orders) TO '"+
		strings.ReplaceAll(path, "'", "''")+"' (FORMAT csv, HEADER)")
	return err
}
