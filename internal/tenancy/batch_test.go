package tenancy

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

func TestAWriteThatFailsDoesNotFailItsNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := &batch{db: db}
		broken := errors.New("broken")
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				err := b.run(func(ctx context.Context, tx bun.Tx) error {
					if i%10 == 0 {
						return broken
					}
					_, err := tx.NewInsert().Model(&numberRow{Kind: "test", Number: int64(i), UUID: string(rune('A' + i))}).Exec(ctx)
					return err
				})
				if (i%10 == 0) != errors.Is(err, broken) {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		all.Wait()
		if n, err := db.NewSelect().Model((*numberRow)(nil)).Where("kind = 'test'").Count(t.Context()); err != nil || n != 90 {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}
