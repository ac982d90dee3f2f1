package tenancy

import (
	"testing"
	"time"
)

func TestAMemoForgetsWhatIsTouchedWhileItLoads(t *testing.T) {
	now := time.Now()
	m := newMemo[int](func() time.Time { return now })
	loads := 0
	get := func(during func()) int {
		value, err := m.get("k", []string{"tenant:a", "key:b"}, func() (int, error) { loads++; during(); return loads, nil })
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	nothing := func() {}
	get(func() { m.touch("tenant:a") }) // loaded before the touch, so not to be used again
	if first, second := get(nothing), get(nothing); first != 2 || second != 2 {
		t.Error("a value that was read before a change was kept, or one after it wasn't")
	}
	m.touch("key:b")
	if get(nothing) != 3 {
		t.Error("a touched value was kept")
	}
	m.touch("tenant:other")
	if get(nothing) != 3 {
		t.Error("another's change forgot it")
	}
	now = now.Add(fresh)
	if get(nothing) != 4 {
		t.Error("a value outlived its time")
	}
}
