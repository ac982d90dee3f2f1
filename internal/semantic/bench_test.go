package semantic

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// manyModels is a manifest of models with ten columns, a point in time, metrics, code that nobody reads, and joins.
func manyModels(n int) []byte {
	var out bytes.Buffer
	out.WriteString(`{"metadata":{"adapter_type":"postgres"},"nodes":{`)
	code := strings.Repeat("select 1 as \\\"a\\\" from b\\n", 100)
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `"model.p.m%[1]d":{"resource_type":"model","name":"m%[1]d","alias":"m%[1]d","database":"d","schema":"s",
			"relation_name":"\"d\".\"s\".\"m%[1]d\"","description":"model %[1]d","path":"m%[1]d.sql","raw_code":"%[3]s","compiled_code":"%[3]s",
			"depends_on":{"nodes":["model.p.m%[2]d"]},"config":{"materialized":"table"},
			"meta":{"joins":[{"join":"m%[2]d","sql_on":"${m%[1]d.id} = ${m%[2]d.id}"}]},"columns":{`, i, i/2, code)
		for c := range 8 {
			fmt.Fprintf(&out, `"c%d":{"name":"c%[1]d","description":"","meta":{"dimension":{"type":"string"}}},`, c)
		}
		out.WriteString(`"id":{"name":"id","meta":{"dimension":{"type":"number"},"metrics":{"rows":{"type":"count"},"total":{"type":"sum","sql":"${id}+1"}}}},`)
		out.WriteString(`"at":{"name":"at","meta":{"dimension":{"type":"timestamp"}}}}}`)
	}
	out.WriteString(`}}`)
	return bytes.Replace(out.Bytes(), []byte(`"joins":[{"join":"m0","sql_on":"${m0.id} = ${m0.id}"}]`), nil, 1)
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// TestTenThousandExploresStaySmall holds what is kept to a budget, and prints how long it took: machines differ.
func TestTenThousandExploresStaySmall(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles ten thousand models")
	}
	data := manyModels(10_000)
	before, start := heap(), time.Now()
	model, err := LoadManifest(data, nil, Options{})
	took := time.Since(start)
	if err != nil || len(model.Explores) != 10_000 || len(model.Problems) > 0 {
		t.Fatal(err, len(model.Explores), model.Problems)
	}
	held := heap() - before
	runtime.KeepAlive(model)
	t.Logf("%d MB of manifest: %s, %d MB held", len(data)>>20, took, held>>20)
	if held > 300<<20 {
		t.Errorf("holds %d MB", held>>20)
	}
}

func BenchmarkManifestOfThousandModels(b *testing.B) {
	data := manyModels(1000)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := LoadManifest(data, nil, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFolderOfThousandModels(b *testing.B) {
	files := fstest.MapFS{}
	for i := range 1000 {
		text := fmt.Sprintf("type: model\nname: m%d\nsql_from: s.m%[1]d\ndimensions:\n  - {name: id, type: number}\n  - {name: at, type: timestamp}\n"+
			"metrics:\n  rows: {type: count, sql: \"${id}\"}\n", i)
		files[fmt.Sprintf("m%d.yml", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := LoadYAML(files, nil, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
