package tenancy

import (
	"context"

	"github.com/uptrace/bun"

	"inlay/internal/fault"
	"inlay/internal/store"
)

// Kinds of number.
const (
	orgNumber        = "org"        // counts from 0, the Primary Org
	deploymentNumber = "deployment" // counts from 1
)

type numberRow struct {
	bun.BaseModel `bun:"table:front_numbers"`
	Kind          string `bun:",pk"`
	Number        int64  `bun:",pk"`
	UUID          string `bun:"uuid"`
}

// DeploymentOf gives the integer by which Cube's clients know a project; the first call fixes it.
func (s *Service) DeploymentOf(ctx context.Context, project string) (int64, error) {
	return s.numberOf(ctx, deploymentNumber, project)
}

// ProjectOf finds the project of a deployment within an organization. Faults: NotFound.
func (s *Service) ProjectOf(ctx context.Context, organization string, number int64) (string, error) {
	project, err := s.named(ctx, deploymentNumber, number)
	if err != nil {
		return "", fault.New(fault.NotFound, "There is no deployment %d", number)
	}
	if _, err := s.projects.ProjectName(ctx, organization, project); err != nil {
		return "", fault.New(fault.NotFound, "There is no deployment %d", number)
	}
	return project, nil
}

// Deployment is a project by its integer.
type Deployment struct {
	Number int64
	Name   string
}

// Deployments lists those that a key covers.
func (s *Service) Deployments(ctx context.Context, key Key) ([]Deployment, error) {
	projects, err := s.projects.ProjectsOf(ctx, key.Organization)
	if err != nil {
		return nil, err
	}
	var all []Deployment
	for _, project := range projects {
		number, err := s.DeploymentOf(ctx, project)
		if err != nil {
			return nil, err
		}
		if !key.Covers(number) {
			continue
		}
		name, err := s.projects.ProjectName(ctx, key.Organization, project)
		if err != nil {
			return nil, err
		}
		all = append(all, Deployment{number, name})
	}
	return all, nil
}

// DeploymentFor describes a deployment to a key that covers it. Faults: Forbidden, NotFound.
func (s *Service) DeploymentFor(ctx context.Context, key Key, number int64) (Deployment, error) {
	project, err := s.deploymentFor(ctx, key, number)
	if err != nil {
		return Deployment{}, err
	}
	name, err := s.projects.ProjectName(ctx, key.Organization, project)
	return Deployment{number, name}, err
}

// ProjectName gives the name of an organization's project, or NotFound.
func (s *Service) ProjectName(ctx context.Context, organization, project string) (string, error) {
	return s.projects.ProjectName(ctx, organization, project)
}

// numberOrganizations gives every organization its integer, the oldest first.
func (s *Service) numberOrganizations(ctx context.Context) error {
	all, err := s.people.Organizations(ctx)
	if err != nil {
		return err
	}
	for _, organization := range all {
		if _, err := s.numberOf(ctx, orgNumber, organization.UUID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) organizationNumber(ctx context.Context, organization string) (int64, error) {
	if err := s.numberOrganizations(ctx); err != nil {
		return 0, err
	}
	return s.numberOf(ctx, orgNumber, organization)
}

func (s *Service) organizationNumbered(ctx context.Context, number int64) (string, error) {
	if err := s.numberOrganizations(ctx); err != nil {
		return "", err
	}
	return s.named(ctx, orgNumber, number)
}

func (s *Service) named(ctx context.Context, kind string, number int64) (string, error) {
	var row numberRow
	err := s.db.NewSelect().Model(&row).Where("kind = ? AND number = ?", kind, number).Scan(ctx)
	if store.NotFound(err) {
		return "", fault.New(fault.NotFound, "There is no %s %d", kind, number)
	}
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "The %s could not be read", kind)
	}
	return row.UUID, nil
}

// numberOf reads the number of a uuid, or takes the next one; two who take the same one try again.
func (s *Service) numberOf(ctx context.Context, kind, uuid string) (int64, error) {
	first := 1
	if kind == orgNumber {
		first = 0
	}
	for attempt := 0; ; attempt++ {
		var row numberRow
		err := s.db.NewSelect().Model(&row).Where("kind = ? AND uuid = ?", kind, uuid).Scan(ctx)
		if err == nil {
			return row.Number, nil
		}
		if store.NotFound(err) {
			_, err = s.db.NewRaw("INSERT INTO front_numbers (kind, number, uuid) SELECT ?, COALESCE(MAX(number) + 1, ?), ? "+
				"FROM front_numbers WHERE kind = ?", kind, first, uuid, kind).Exec(ctx)
		}
		if err != nil && (!store.Duplicate(err) || attempt == 10) {
			return 0, fault.Wrap(fault.Unavailable, err, "The %s could not be numbered", kind)
		}
	}
}
