package sqlgen_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"inlay/internal/sqlgen"
	"inlay/internal/sqlgen/sqltest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// TestGoldens compares the SQL of every case in every dialect with testdata/CASE/DIALECT.sql. A case that a dialect
// can't do has the reason in its file, as a comment.
func TestGoldens(t *testing.T) {
	for _, dialect := range sqlgen.Names() {
		explores := sqltest.Explores(t, "testdata/model", dialect)
		sqltest.Goldens(t, "testdata", func(t *testing.T, dir string, document []byte) {
			text, err := sqltest.CompileCase(explores, document, dialect)
			if err != nil {
				text = "-- refused: " + err.Error()
			}
			path := filepath.Join(dir, dialect+".sql")
			if *update {
				if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(bytes.TrimSpace(want)) != text {
				t.Errorf("%s\nwant\n%s\ngot\n%s", path, want, text)
			}
		})
	}
}

// TestHostileTextsAreQuotedAsBefore compares how each dialect quotes texts with testdata/quoted.json, which
// scripts/test-sql reads with a parser that isn't ours. (H34)
func TestHostileTextsAreQuotedAsBefore(t *testing.T) {
	type quoted struct {
		Text  string `json:"text"`
		Value string `json:"value"`
		Name  string `json:"name"`
	}
	all := map[string][]quoted{}
	for _, dialect := range sqlgen.Names() {
		d, err := sqlgen.For(dialect)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range sqltest.HostileTexts() {
			all[dialect] = append(all[dialect], quoted{text, d.Literal(text), d.Ident(text)})
		}
	}
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(all); err != nil {
		t.Fatal(err)
	}
	const path = "testdata/quoted.json"
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(want, got.Bytes()) {
		t.Errorf("%s isn't how texts are quoted (%v)", path, err)
	}
}

// TestGoldensRunOnPostgreSQL executes the case files, and checks that no query document is malformed on the way.
func TestGoldensRunOnPostgreSQL(t *testing.T) {
	sqltest.RunGoldens(t, "testdata", onPostgres(t))
}

func TestQueryDocumentsSurviveARoundTrip(t *testing.T) {
	sqltest.Goldens(t, "testdata", func(t *testing.T, _ string, document []byte) {
		var first, second sqltest.Case
		if err := json.Unmarshal(document, &first); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &second); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(second)
		if err != nil || string(again) != string(text) {
			t.Errorf("%v\n%s\n%s", err, text, again)
		}
	})
}
