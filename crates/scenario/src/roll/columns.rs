//! Which column holds what, told by its heading: Chinese or English, in any order.

use crate::sheet::Row;

/// What a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Building,
    Entrance,
    Door,
    Address,
    Household,
    Name,
    Phone,
    Document,
    Marks,
    /// A running number: it says nothing about a resident.
    Serial,
}

/// Headings in plain small letters, without spaces, brackets and stars.
const HEADINGS: &[(Field, &[&str])] = &[
    (
        Field::Building,
        &[
            "楼栋",
            "楼号",
            "幢",
            "栋",
            "楼",
            "幢号",
            "栋号",
            "楼栋号",
            "楼幢",
            "楼幢号",
            "楼宇",
            "号楼",
            "楼座",
            "座",
            "几号楼",
            "building",
            "buildingno",
            "buildingnumber",
            "bldg",
            "block",
            "tower",
        ],
    ),
    (
        Field::Entrance,
        &[
            "单元",
            "门",
            "单元号",
            "单元门",
            "门洞",
            "门栋",
            "梯",
            "梯号",
            "entrance",
            "entranceno",
            "unit",
            "unitno",
            "staircase",
            "stair",
            "stairwell",
        ],
    ),
    (
        Field::Door,
        &[
            "房号",
            "室号",
            "门牌号",
            "户号",
            "室",
            "房间号",
            "房间",
            "房屋号",
            "房室号",
            "门号",
            "门牌",
            "房门号",
            "door",
            "doorno",
            "room",
            "roomno",
            "roomnumber",
            "flat",
            "flatno",
            "apartment",
            "apt",
        ],
    ),
    (
        Field::Address,
        &[
            "地址",
            "住址",
            "房屋",
            "家庭住址",
            "家庭地址",
            "详细地址",
            "居住地址",
            "房屋地址",
            "现住址",
            "现居住地址",
            "现住地址",
            "住房",
            "address",
            "homeaddress",
            "fulladdress",
        ],
    ),
    (Field::Household, &["家庭", "户", "household", "householdid"]),
    (
        Field::Name,
        &[
            "姓名",
            "名字",
            "居民姓名",
            "住户姓名",
            "人员姓名",
            "居民",
            "name",
            "fullname",
            "resident",
            "residentname",
        ],
    ),
    (
        Field::Phone,
        &[
            "电话",
            "手机",
            "联系电话",
            "手机号",
            "手机号码",
            "电话号码",
            "联系方式",
            "联系手机",
            "phone",
            "phoneno",
            "phonenumber",
            "mobile",
            "telephone",
            "tel",
            "contact",
            "contactnumber",
        ],
    ),
    (
        Field::Document,
        &[
            "证件号码",
            "证件号",
            "身份证号",
            "身份证",
            "身份证号码",
            "居民身份证号",
            "公民身份号码",
            "document",
            "documentno",
            "documentnumber",
            "idnumber",
            "idno",
            "idcard",
            "idcardnumber",
            "passport",
            "passportno",
        ],
    ),
    (
        Field::Marks,
        &[
            "人员类别",
            "备注",
            "标记",
            "类别",
            "人员类型",
            "特殊人群",
            "特殊情况",
            "人群类别",
            "marks",
            "mark",
            "remarks",
            "remark",
            "notes",
            "note",
            "category",
            "categories",
        ],
    ),
    (Field::Serial, &["序号", "编号", "no", "no.", "number", "#", "serial", "sn"]),
];

impl Field {
    /// What a heading names, if it is known.
    pub(super) fn of(heading: &str) -> Option<Field> {
        let heading = bare(heading);
        HEADINGS.iter().find(|(_, words)| words.contains(&heading.as_str())).map(|(field, _)| *field)
    }
}

/// A heading without what people add to it: `姓 名`, `联系电话(必填)`, `Door No.`, `*姓名:`.
fn bare(heading: &str) -> String {
    let mut depth = 0;
    let mut out = String::new();
    for letter in heading.chars().take(60) {
        match letter {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = 0,
            _ if depth > 0 || letter.is_whitespace() || "*:_-.、".contains(letter) => {}
            _ => out.extend(domain::simplified_letter(letter).to_lowercase()),
        }
    }
    out
}

/// The columns of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub building: Option<usize>,
    pub entrance: Option<usize>,
    pub door: Option<usize>,
    pub address: Option<usize>,
    pub name: Option<usize>,
    pub phone: Option<usize>,
    pub document: Option<usize>,
    pub marks: Vec<usize>,
    pub serial: Vec<usize>,
    headings: Vec<String>,
}

impl Columns {
    /// What a row would be as a row of headings.
    pub(super) fn of(row: &Row) -> Self {
        let fields: Vec<(String, Option<Field>)> =
            row.cells().map(|heading| (heading.chars().take(40).collect(), Field::of(heading))).collect();
        Columns::with(fields)
    }

    /// The same columns with a second row of headings under the first: `地址` above `楼栋`, `单元`, `室号`.
    pub(super) fn and(&self, below: &Row) -> Self {
        let width = self.headings.len().max(below.len());
        let fields = (0..width).map(|column| {
            let above = self.heading(column);
            let heading = if below.cell(column).is_empty() { above } else { below.cell(column) };
            (heading.to_owned(), Field::of(heading))
        });
        Columns::with(fields.collect())
    }

    fn with(fields: Vec<(String, Option<Field>)>) -> Self {
        let mut columns = Columns::default();
        let mut household = None;
        for (column, (_, field)) in fields.iter().enumerate() {
            let Some(field) = field else { continue };
            let single = match field {
                Field::Building => &mut columns.building,
                Field::Entrance => &mut columns.entrance,
                Field::Door => &mut columns.door,
                Field::Address => &mut columns.address,
                Field::Household => &mut household,
                Field::Name => &mut columns.name,
                Field::Phone => &mut columns.phone,
                Field::Document => &mut columns.document,
                Field::Marks => {
                    columns.marks.push(column);
                    continue;
                }
                Field::Serial => {
                    columns.serial.push(column);
                    continue;
                }
            };
            // Of two columns with one meaning the first counts.
            single.get_or_insert(column);
        }
        // A household's identifier is its address (12-2-301) where there is no other.
        if columns.address.is_none() && columns.door.is_none() {
            columns.address = household;
        }
        columns.headings = fields.into_iter().map(|(heading, _)| heading).collect();
        columns
    }

    /// Whether a list can be read with these columns: it says who and where.
    pub(super) fn suffice(&self) -> bool {
        self.name.is_some() && self.has_place()
    }
    /// Whether they say where.
    pub(super) fn has_place(&self) -> bool {
        self.address.is_some() || self.door.is_some()
    }
    /// The heading of a column, as written.
    pub(super) fn heading(&self, column: usize) -> &str {
        self.headings.get(column).map_or("", String::as_str)
    }
    /// The heading of a column that may be absent.
    pub(super) fn heading_of(&self, column: Option<usize>) -> &str {
        column.map_or("", |column| self.heading(column))
    }
    /// The headings that are known, as written.
    pub(super) fn known(&self) -> Vec<&str> {
        self.headings.iter().map(String::as_str).filter(|heading| Field::of(heading).is_some()).collect()
    }
}
