package testkit_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
)

// csvOf are the CSV files of an archive, by the charts' names, lines in any order.
func csvOf(t *testing.T, archive []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range z.File {
		file, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name] = sorted(string(data))
	}
	return files
}

// exported has the dashboard exported, and gives the path of its archive.
func (w *world) exported(as credential) string {
	w.t.Helper()
	job := w.got(as, "/api/v1/dashboards/"+w.facts.Dashboards[0].UUID+"/exportCsv", "{}", "results.jobId")
	for range 500 {
		state := w.must(as, "GET", "/api/v1/csv/"+job, "")
		if file, ok := at(state.body, "results.url").(string); ok {
			address, err := url.Parse(file)
			if err != nil {
				w.t.Fatal(err)
			}
			return address.Path
		}
		if at(state.body, "results.status") == "error" {
			w.t.Fatal(state)
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatal("the archive was not made")
	return ""
}

// TestH44_H125_a_dashboards_archive_holds_the_rows_of_whoever_asked: one CSV file a tile, for nobody but them, for a day.
// A viewer's files are those of an admin whose warehouse has nobody else's rows.
func TestH44_H125_a_dashboards_archive_holds_the_rows_of_whoever_asked(t *testing.T) {
	w, alone := open(t), open(t, only("m-0001")...)
	owners := ownersOf(t, w.facts.Warehouse)
	viewer, _ := w.viewer("m-0001")
	path := w.exported(viewer)
	own := w.must(viewer, "GET", path, "")
	files, want := csvOf(t, own.body), csvOf(t, alone.must(alone.admin(), "GET", alone.exported(alone.admin()), "").body)
	tiles, _ := at(w.must(viewer, "GET", w.fill("/api/v1/dashboards/{board}"), "").body, "results.tiles").([]any)
	charts := 0
	for _, tile := range tiles {
		if strings.HasSuffix(tile.(map[string]any)["type"].(string), "chart") {
			charts++
		}
	}
	if len(files) != charts || len(want) != charts || charts == 0 {
		t.Errorf("%d charts, %d files, %d wanted", charts, len(files), len(want))
	}
	for name, rows := range want {
		if files[name] != rows {
			t.Errorf("%s holds\n%.400s\nwant\n%.400s", name, files[name], rows)
		}
		if found := owners.others("m-0001", answer{body: []byte(files[name])}); len(found) > 0 {
			t.Errorf("%s tells of %v", name, found)
		}
	}
	other, _ := w.viewer(w.facts.Fronts.Native.Viewers[1].Tenant)
	for who, as := range map[string]credential{"another viewer": other, "the admin": w.admin(), "nobody": nil, "a tenant": w.upsolve(w.facts.Tenants[0], nil)} {
		if got := w.ask(as, "GET", path, ""); got.code < 401 || got.code > 404 {
			t.Errorf("%s gets %d", who, got.code)
		}
	}
	public := strings.Replace(path, "/exports/", "/csv/", 1) // opens files by their token alone
	if got := w.ask(nil, "GET", public, ""); got.code != 404 {
		t.Errorf("by its token alone: %d", got.code)
	}
	w.later.Add(int64(25 * time.Hour))
	viewer, _ = w.viewer("m-0001")
	if got := w.ask(viewer, "GET", path, ""); got.code != 404 {
		t.Errorf("after its time: %d", got.code)
	}
}
