package main

import (
	"slices"
	"sync"
	"time"
)

// load calls f from a number of workers for a time, with a number that is never the same twice; it returns how long each
// call took, and calls a second.
func load(workers int, span time.Duration, f func(n int) error) ([]time.Duration, float64, error) {
	took := make([][]time.Duration, workers)
	errs := make([]error, workers)
	var group sync.WaitGroup
	begin := time.Now()
	for w := range workers {
		group.Go(func() {
			for n := w; time.Since(begin) < span && errs[w] == nil; n += workers {
				at := time.Now()
				errs[w] = f(n)
				took[w] = append(took[w], time.Since(at))
			}
		})
	}
	group.Wait()
	all := slices.Concat(took...)
	for _, err := range errs {
		if err != nil {
			return nil, 0, err
		}
	}
	return all, float64(len(all)) / time.Since(begin).Seconds(), nil
}

// all calls f with every number below n, from a number of workers.
func all(workers, n int, f func(n int) error) error {
	errs := make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				errs[w] = f(i)
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// inTurns times calls that do the same, until the time is over; each goes first as often as the others, as what goes
// first finds the processor's caches cold. The first rounds warm up.
func inTurns(span time.Duration, prepare func(n int) error, calls ...func() error) ([][]time.Duration, error) {
	const least, warm = 5, 3
	took := make([][]time.Duration, len(calls))
	begin := time.Now()
	for n := 0; n < least+warm || time.Since(begin) < span; n++ {
		if err := prepare(n); err != nil {
			return nil, err
		}
		for i := range calls {
			which := (n + i) % len(calls)
			at := time.Now()
			if err := calls[which](); err != nil {
				return nil, err
			}
			if n >= warm {
				took[which] = append(took[which], time.Since(at))
			}
		}
	}
	return took, nil
}

func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Round(time.Microsecond)
}

func median(took []time.Duration) time.Duration { return quantile(took, 0.5) }

// added are the differences of the pairs.
func added(a, b []time.Duration) []time.Duration {
	out := make([]time.Duration, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}
