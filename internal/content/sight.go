package content

import (
	"context"

	"inlay/internal/access"
)

// sight decides where on a shelf somebody sees things of a kind. Rules of access only add up, so whoever may look into a
// private space of which nothing is shared with them sees all of its project, and into a public one, all that is public.
// Other spaces are decided singly.
type sight struct {
	service *Service
	who     access.Principal
	project string
	on      *shelf
	asked   bool
	me      *Member // once it was asked for
}

func (s *Service) sight(who access.Principal, project string, on *shelf) *sight {
	return &sight{service: s, who: who, project: project, on: on}
}

// hides tells in which rooms of the shelf the principal doesn't see things of the kind, and not in what is none of them.
func (v *sight) hides(ctx context.Context, subject access.Subject) ([]bool, error) {
	sample := Space{Organization: v.on.organization, Project: v.project, Private: true}
	all := sample.shows(v.who, subject)
	sample.Private = false
	public := sample.shows(v.who, subject)
	hidden := make([]bool, len(v.on.rooms)+1)
	hidden[len(v.on.rooms)] = true
	for i, room := range v.on.rooms {
		space := room.space
		switch {
		case space.Tenant != "" && space.Tenant != v.who.Tenant:
			hidden[i] = true
		case all, public && !space.Private:
		default:
			if err := v.ask(ctx); err != nil {
				return nil, err
			}
			hidden[i] = !space.of(v.me).shows(v.who, subject)
		}
	}
	return hidden, nil
}

// ask finds what the principal has in the project, once.
func (v *sight) ask(ctx context.Context) (err error) {
	if !v.asked {
		v.me, err = v.service.member(ctx, v.who, v.project)
		v.asked = err == nil
	}
	return err
}

// shows tells whether the principal may look into the space, and there at things of the kind.
func (sp Space) shows(who access.Principal, subject access.Subject) bool {
	return sp.opensSpace(who, access.View) && sp.opens(who, access.View, sp.thing(subject, ""))
}
