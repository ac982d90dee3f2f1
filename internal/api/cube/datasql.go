package cube

import (
	"context"

	"inlay/internal/access"
)

type sqlOut struct {
	SQL        sqlText `json:"sql"`
	DataSource string  `json:"dataSource"`
}

type sqlText struct {
	SQL         []any             `json:"sql"`
	External    bool              `json:"external"`
	Order       map[string]string `json:"order"`
	Aliases     map[string]string `json:"aliasNameToMember"`
	MemberNames []string          `json:"memberNames"`
	DataSource  string            `json:"dataSource"`
}

// sql answers with the statement that a query would run. Values are in its text, so there are no parameters.
func (d data) sql(ctx context.Context, who access.Principal, in requestIn) (any, error) {
	a, err := readAsked(in.Request)
	if err != nil {
		return nil, err
	}
	e, err := d.expand(a)
	if err != nil {
		return nil, err
	}
	c, err := d.catalog(ctx, who)
	if err != nil {
		return nil, err
	}
	all := []sqlOut{}
	for _, q := range e.queries {
		one, err := d.sqlOne(ctx, c, who, q)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	if !a.list {
		return all[0], nil
	}
	return all, nil
}

func (d data) sqlOne(ctx context.Context, c catalog, who access.Principal, q dataQuery) (sqlOut, error) {
	p, err := d.plan(c, who, q)
	if err != nil {
		return sqlOut{}, err
	}
	compiled, err := d.door.Compile(ctx, who, p.request)
	if err != nil {
		return sqlOut{}, err
	}
	out := sqlOut{DataSource: "default", SQL: sqlText{
		SQL: []any{compiled.SQL, []any{}}, Order: orderOf(q), Aliases: map[string]string{}, MemberNames: []string{}, DataSource: "default",
	}}
	for id, names := range p.names {
		out.SQL.Aliases[id] = names[0]
	}
	for _, m := range p.shown {
		out.SQL.MemberNames = append(out.SQL.MemberNames, m.path)
	}
	return out, nil
}

func orderOf(q dataQuery) map[string]string {
	order := map[string]string{}
	for _, o := range q.sorted() {
		order[o.ID] = "asc"
		if o.Desc {
			order[o.ID] = "desc"
		}
	}
	return order
}

type dryRunOut struct {
	QueryType   string              `json:"queryType"`
	Normalized  []dataQuery         `json:"normalizedQueries"`
	Order       []map[string]string `json:"queryOrder"`
	Transformed []any               `json:"transformedQueries"`
	Pivot       dataQuery           `json:"pivotQuery"`
}

// dryRun checks a query and answers with its normal form.
func (d data) dryRun(ctx context.Context, who access.Principal, in requestIn) (dryRunOut, error) {
	a, err := readAsked(in.Request)
	if err != nil {
		return dryRunOut{}, err
	}
	e, err := d.expand(a)
	if err != nil {
		return dryRunOut{}, err
	}
	c, err := d.catalog(ctx, who)
	if err != nil {
		return dryRunOut{}, err
	}
	out := dryRunOut{QueryType: e.kind, Pivot: e.pivot, Order: []map[string]string{}, Transformed: []any{}, Normalized: []dataQuery{}}
	for _, q := range e.queries {
		if _, err := d.plan(c, who, q); err != nil {
			return out, err
		}
		out.Normalized, out.Transformed = append(out.Normalized, q), append(out.Transformed, nil)
		out.Order = append(out.Order, orderOf(q))
	}
	return out, nil
}
