package project

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"

	"inlay/internal/semantic"
)

type virtualRow struct {
	bun.BaseModel `bun:"table:virtual_views"`

	ProjectUUID string `bun:",pk"`
	Name        string `bun:",pk"`
	Explore     string
}

// virtualExplores reads the explores that people made of SQL; compiles keep them.
func virtualExplores(ctx context.Context, tx bun.Tx, project string) ([]*semantic.Explore, error) {
	rows := []*virtualRow{}
	err := tx.NewSelect().Model(&rows).Where("project_uuid = ?", project).OrderBy("name", bun.OrderAsc).Scan(ctx)
	if err != nil {
		return nil, err
	}
	explores := []*semantic.Explore{}
	for _, r := range rows {
		e := new(semantic.Explore)
		if err := json.Unmarshal([]byte(r.Explore), e); err != nil {
			return nil, err
		}
		explores = append(explores, e)
	}
	return explores, nil
}
