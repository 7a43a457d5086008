//! Aggregate figures as DHIS2 takes them: the JSON of `POST /api/dataValueSets` (DHIS2 developer guide, "Data values"), each
//! value with its own period and organisation unit.

use serde::Serialize;

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataValueSet {
    /// The data set's identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_set: Option<String>,
    /// The values.
    pub data_values: Vec<DataValue>,
}

/// One figure of one place and period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataValue {
    /// The data element's identifier.
    pub data_element: String,
    /// A day, `20220404`.
    pub period: String,
    /// The organisation unit's identifier.
    pub org_unit: String,
    /// A whole number; DHIS2 takes all values as text.
    pub value: String,
    /// What somebody who looks at it there should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}
