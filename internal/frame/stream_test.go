package frame

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// counting gives batches of the numbers from 0, then err.
type counting struct {
	batches, next int
	err           error
}

func (c *counting) Fields() []Field { return []Field{{Name: "n", Kind: Int}} }

func (c *counting) Next(ctx context.Context) (*Batch, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if c.next == c.batches {
		return nil, c.err
	}
	n := int64(3 * c.next)
	c.next++
	return &Batch{Rows: 3, Columns: []Column{{Kind: Int, Ints: []int64{n, n + 1, n + 2}}}}, nil
}

func (c *counting) Close() error { return nil }

func TestRowsStayInOrderHoweverManyBatchesThereAre(t *testing.T) {
	for _, batches := range []int{0, 1, 2, 500} {
		var out bytes.Buffer
		count, err := WriteCSV(t.Context(), &out, &counting{batches: batches, err: io.EOF}, []Pick{{View: View{Label: "n"}, Raw: true}})
		if err != nil || count != 3*batches {
			t.Fatal(count, err)
		}
		want := []string{"n"}
		for i := range 3 * batches {
			want = append(want, strconv.Itoa(i))
		}
		if got := strings.TrimSuffix(out.String(), "\n"); got != strings.Join(want, "\n") {
			t.Errorf("%d batches: %.200s", batches, got)
		}
	}
}

func TestWhatGoesWrongInTheMiddleIsTheResult(t *testing.T) {
	broken := errors.New("broken")
	picks := []Pick{{View: View{Label: "n"}, Raw: true}}
	if _, err := WriteCSV(t.Context(), io.Discard, &counting{batches: 100, err: broken}, picks); !errors.Is(err, broken) {
		t.Errorf("reading: %v", err)
	}
	if _, err := WriteCSV(t.Context(), failing{broken}, &counting{batches: 100, err: io.EOF}, picks); !errors.Is(err, broken) {
		t.Errorf("writing: %v", err)
	}
	_, err := stream(t.Context(), io.Discard, &counting{batches: 100, err: io.EOF}, "", "", func(dst []byte, b *Batch, first bool) []byte {
		if !first {
			panic("oh")
		}
		return dst
	})
	if err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("a panic: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := WriteCSV(ctx, io.Discard, &counting{batches: 100, err: io.EOF}, picks); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// Short ways must write what the long ones would.
func TestShortWaysAgreeWithTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		value := random.NormFloat64() * 1e4
		if random.IntN(2) == 0 {
			value = float64(random.Int64N(2e12)-1e12) / 100
		}
		if got, want := string(AppendScriptNumber(nil, value)), strconv.FormatFloat(value, 'f', -1, 64); got != want {
			t.Fatalf("%v: %s", value, got)
		}
		at := random.Int64N(1e17) - 3e16 // years 1019 to 4188
		for _, layout := range []struct {
			want string
			got  []byte
		}{
			{"2006-01-02T15:04:05.000Z", appendISO(nil, at, true)}, {"2006-01-02T15:04:05Z", appendISO(nil, at, false)},
			{"2006-01-02", appendDate(nil, at)}, {"2006-01-02, 15:04:05", appendSeconds(nil, at, ", ")},
		} {
			if want := time.UnixMicro(at).UTC().Format(layout.want); want != string(layout.got) {
				t.Fatalf("%s, want %s", layout.got, want)
			}
		}
	}
}
