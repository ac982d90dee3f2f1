package testkit_test

import (
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"inlay/internal/codefiles"
)

func TestContentAsFilesRoundTripsByteForByte(t *testing.T) {
	w := open(t)
	served := httptest.NewServer(w.Handler())
	defer served.Close()
	_, token, _ := strings.Cut(w.admin()["Authorization"], " ")
	client := codefiles.Client{URL: served.URL, Token: token, Project: w.facts.Project, HTTP: http.DefaultClient}
	chart := w.got(w.admin(), "/api/v1/projects/"+w.facts.Project+"/sqlRunner/saved",
		`{"name":"By channel","description":"of all","sql":"SELECT channel, count(*) AS n FROM orders GROUP BY 1","limit":500,"config":{"metadata":{"version":1},"type":"table","columns":{}},"spaceUuid":"`+
			w.firstSpace()+`"}`, "results.savedSqlUuid")
	for _, name := range []string{"Zoo", "Keepers", "Aviary"} { // whose files come in another order than they lie in each other
		w.nest(name)
	}
	before, after := t.TempDir(), t.TempDir()
	count, err := codefiles.Download(t.Context(), client, before)
	if err != nil || count == 0 {
		t.Fatal(count, err)
	}
	done, err := codefiles.Upload(t.Context(), client, before)
	if err != nil || !maps.Equal(done, map[string]int{"no changes": count}) {
		t.Errorf("uploading what was downloaded: %v, %v", done, err)
	}
	w.must(w.admin(), "DELETE", "/api/v1/dashboards/"+w.facts.Dashboards[0].UUID, "")
	w.must(w.admin(), "DELETE", "/api/v1/projects/"+w.facts.Project+"/sqlRunner/saved/"+chart, "")
	if done, err := codefiles.Upload(t.Context(), client, before); err != nil || done["create"] < 2 {
		t.Errorf("uploading what was deleted: %v, %v", done, err)
	}
	if _, err := codefiles.Download(t.Context(), client, after); err != nil {
		t.Fatal(err)
	}
	w.must(w.admin(), "DELETE", w.on(things{space: w.spaceNamed("Zoo")}, "/api/v1/projects/{project}/spaces/{space}"), "")
	if done, err := codefiles.Upload(t.Context(), client, before); err != nil || done["create"] < 1 {
		t.Errorf("uploading spaces that were deleted: %v, %v", done, err)
	}
	if _, err := codefiles.Download(t.Context(), client, after); err != nil {
		t.Fatal(err)
	}
	one, other := textsOf(t, before), textsOf(t, after)
	if !strings.Contains(one["spaces/aviary.yml"], "parentSlug: keepers") {
		t.Errorf("the space's file doesn't say what it lies in: %s", one["spaces/aviary.yml"])
	}
	if one["sqlCharts/by-channel.yml"] == "" {
		t.Error("the chart over SQL isn't among the files")
	}
	for name := range one {
		if one[name] != other[name] {
			t.Errorf("%s was\n%s\nand became\n%s", name, one[name], other[name])
		}
	}
}

// nest makes a space in the one that was made last.
func (w *world) nest(name string) {
	w.t.Helper()
	body := map[string]any{"name": name}
	if spaces := w.spaces(); len(spaces) > 1 {
		body["parentSpaceUuid"] = spaces[len(spaces)-1]["uuid"]
	}
	w.must(w.admin(), "POST", "/api/v1/projects/"+w.facts.Project+"/spaces", text(body))
}

func (w *world) spaces() []map[string]any {
	found, _ := at(w.must(w.admin(), "GET", "/api/v1/projects/"+w.facts.Project+"/spaces", "").body, "results").([]any)
	list := []map[string]any{}
	for _, space := range found {
		list = append(list, space.(map[string]any))
	}
	return list
}

func (w *world) spaceNamed(name string) string {
	for _, space := range w.spaces() {
		if space["name"] == name {
			return space["uuid"].(string)
		}
	}
	return ""
}

func (w *world) firstSpace() string {
	spaces, _ := at(w.must(w.admin(), "GET", "/api/v1/projects/"+w.facts.Project+"/spaces", "").body, "results").([]any)
	return spaces[0].(map[string]any)["uuid"].(string)
}

// textsOf reads every file of a folder.
func textsOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	files := os.DirFS(folder)
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		texts[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
