"""What each role may do, as people expect it."""

import pytest

from bridge.people.roles import PERMISSIONS, Permission, Role


def test_each_role_has_its_row() -> None:
    assert PERMISSIONS.keys() == set(Role)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.AUDITOR, Role.INTEGRATOR])
def test_only_an_administrator_changes_users(role: Role) -> None:
    assert Permission.USERS_WRITE not in PERMISSIONS[role]
    assert Permission.USERS_WRITE in PERMISSIONS[Role.ADMIN]


def test_an_auditor_changes_nothing() -> None:
    assert all(permission.endswith(":read") for permission in PERMISSIONS[Role.AUDITOR])


def test_an_agent_has_what_is_hers_and_no_more() -> None:
    of_others = {Permission.INTERACTIONS_READ, Permission.CONTACTS_END, Permission.PRESENCE_WRITE}
    assert PERMISSIONS[Role.AGENT].isdisjoint(of_others)


def test_who_may_do_for_all_needs_no_permission_for_her_own() -> None:
    for permissions in PERMISSIONS.values():
        for permission in permissions:
            assert f"{permission}-own" not in permissions
