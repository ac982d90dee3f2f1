package query

import (
	"context"
	"errors"
	"strings"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/metric"
	"inlay/internal/sqlgen"
)

// RunTenantSQL runs a SELECT of a tenant who may write some. Its tables are the project's models, by their names, and
// hold the rows that the policy lets the tenant see; nothing else can be named. Faults: Forbidden; Unimplemented on
// warehouses where this hasn't been tried; Invalid with code WarehouseQuery.
func (s *Service) RunTenantSQL(ctx context.Context, who access.Principal, sql string) (*Result, error) {
	start := s.options.Now()
	project, err := s.enter(ctx, who, who.Project)
	if err != nil {
		return nil, err
	}
	if who.Kind != access.Tenant || who.Scope != nil || !who.Permits(access.CreateSQL) {
		return nil, fault.New(fault.Forbidden, "Your token doesn't let you write SQL")
	}
	policies := ""
	statement, err := metric.Confine(metric.UserSQL(sql), func(name string) (*metric.ConfinedTable, error) {
		table, policy, err := s.tenantTable(ctx, who, name)
		policies += policy
		return table, err
	})
	if err != nil {
		return nil, err
	}
	conn, identity, err := s.projects.Conn(ctx, project.UUID, who.Connection)
	if err != nil {
		return nil, err
	}
	p := &prepared{project: project, plan: &metric.Plan{}, conn: conn, timeout: s.options.Timeout}
	if p.sql, err = sqlgen.Confined(conn.Dialect(), statement, s.options.MaxLimit); err != nil {
		return nil, err
	}
	p.key = keyOf(p.sql, nil, identity, project.Zone, policies)
	result, err := s.answer(ctx, who, Request{Project: project.UUID, Purpose: SQLRunner}, p, start)
	if err != nil {
		return nil, theirNames(err)
	}
	for i, name := range result.Columns {
		result.Columns[i] = strings.TrimPrefix(name, metric.ConfinedPrefix)
	}
	return result, nil
}

// tenantTable gives the base table of the explore of a name, and spells the policy that it is read by.
func (s *Service) tenantTable(ctx context.Context, who access.Principal, name string) (*metric.ConfinedTable, string, error) {
	modelled, err := s.projects.Explore(ctx, who.Project, name)
	if f := fault.As(err); err != nil && f.Kind == fault.NotFound {
		return nil, "", nil
	} else if err != nil {
		return nil, "", err
	}
	visible, err := s.seen.of(modelled, who.Attributes)
	if err != nil {
		return nil, "", err
	}
	policy := decide(who, visible, false)
	table, err := metric.Readable(visible, policy, s.planOptions(who, Request{}))
	return table, fingerprint(policy, []string{visible.BaseTable}), err
}

// theirNames gives an engine's message with names as they were written, and without what the engine guesses: it knows
// tables that the tenant doesn't.
func theirNames(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Code != "WarehouseQuery" {
		return err
	}
	line, _, _ := strings.Cut(f.Message, "\n")
	return fault.Coded(f.Kind, f.Code, "%s", strings.ReplaceAll(line, metric.ConfinedPrefix, ""))
}
