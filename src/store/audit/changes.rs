//! Which acts changed something: not all the readings between them.

use crate::domain::act::operation::Operation;

/// Change what only this machine knows, without a statement on a server.
const WITHOUT_STATEMENTS: [Operation; 8] = [
    Operation::CredentialDelete,
    Operation::CredentialSet,
    Operation::Recover,
    Operation::RecoverAbort,
    Operation::RecoverAck,
    Operation::ReportAccept,
    Operation::RotateAdopt,
    Operation::RotateForget,
];

/// Never change anything, however they end.
const READINGS: [Operation; 23] = [
    Operation::AccessCheck,
    Operation::AccessTrim,
    Operation::CredentialCheck,
    Operation::CredentialRotateSurvey,
    Operation::Doctor,
    Operation::ExpiringSurvey,
    Operation::Explain,
    Operation::Export,
    Operation::NotifyExpiring,
    Operation::NotifyTest,
    Operation::RegistryCheck,
    // The reading: what it leads to has events of its own.
    Operation::RegistryContact,
    Operation::RegistryDiscover,
    Operation::RegistryExport,
    Operation::ReportAccess,
    Operation::ReportConnections,
    Operation::ReportPasswords,
    Operation::ReportUnused,
    Operation::RotateSurvey,
    Operation::UserCompare,
    Operation::UserFind,
    Operation::UserList,
    Operation::UserShow,
];

/// A condition on intent `i` and outcome `o`. What failed counts if the journal says that its password is in force
/// nevertheless; what was cut off counts if it could have changed something.
pub(super) fn condition() -> String {
    let (records, readings) = (names(&WITHOUT_STATEMENTS), names(&READINGS));
    format!(
        " AND i.operation NOT LIKE '% --dry-run' AND i.operation NOT LIKE '% --rehearse' AND CASE
            WHEN i.stage = 'event' THEN i.status <> 'unchanged'
            WHEN o.id IS NULL THEN i.operation NOT IN ({readings})
            WHEN o.error IS NOT NULL THEN EXISTS (SELECT 1 FROM password_change c
                WHERE c.operation_id = i.operation_id AND c.state NOT IN ('SEALED', 'ABORTED', 'REFUSED'))
            ELSE o.statements IS NOT NULL OR (i.operation IN ({records}) AND o.status <> 'unchanged') END"
    )
}

fn names(operations: &[Operation]) -> String {
    let names = operations.iter();
    let names: Vec<_> = names
        .map(|operation| format!("'{}'", operation.name()))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::operation::Effect;

    #[test]
    fn no_reading_is_meant_to_change_anything() {
        for operation in READINGS {
            let is_one = operation.effect() == Effect::Nothing;
            assert!(
                is_one || operation == Operation::RegistryContact,
                "{operation:?}"
            );
        }
        for operation in WITHOUT_STATEMENTS {
            assert_ne!(operation.effect(), Effect::Nothing, "{operation:?}");
        }
    }
}
