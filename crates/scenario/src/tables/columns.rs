//! Which tables a scenario folder may hold, and what their columns are.

/// A table: a file `NAME.csv` or `NAME.xlsx`.
#[derive(Debug)]
pub struct Table {
    /// The file's name without its ending.
    pub name: &'static str,
    /// Its columns, in the order of the documentation; in a file any order will do.
    pub columns: &'static [Column],
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// The English heading; where there is a unit, it ends with it.
    pub name: &'static str,
    /// The Chinese heading.
    pub chinese: &'static str,
    /// What its cells hold.
    pub holds: Holds,
    /// Whether each row must have it.
    pub required: bool,
    /// What else people call it.
    pub also: &'static [&'static str],
}

/// What cells hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds {
    /// Any text.
    Text,
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// A number from the first to the second.
    Number(f64, f64),
    /// A time of day, `07:30`, or a day with it, `2022-03-28 07:30`.
    Time,
    /// A day, `2022-03-28`.
    Date,
}

impl Holds {
    /// The range of a number, `0 – 100`; empty for other things.
    pub fn range(self) -> String {
        match self {
            Holds::Whole(from, to) => format!("{from} – {to}"),
            Holds::Number(from, to) => format!("{from} – {to}"),
            Holds::Text | Holds::Time | Holds::Date => String::new(),
        }
    }
}

/// People, households or teams of one place; a megacity has 25 million.
const PEOPLE: Holds = Holds::Whole(0, 100_000_000);
const LATITUDE: Holds = Holds::Number(-90.0, 90.0);
const LONGITUDE: Holds = Holds::Number(-180.0, 180.0);

const fn needed(name: &'static str, chinese: &'static str, holds: Holds) -> Column {
    Column { name, chinese, holds, required: true, also: &[] }
}
const fn column(name: &'static str, chinese: &'static str, holds: Holds) -> Column {
    Column { name, chinese, holds, required: false, also: &[] }
}

/// All tables but the roll.
pub const TABLES: &[Table] = &[
    Table {
        name: "volunteers",
        columns: &[
            needed("name", "姓名", Holds::Text).also(&[
                "full_name",
                "volunteer",
                "志愿者",
                "名字",
                "志愿者姓名",
            ]),
            column("phone", "电话", Holds::Text).also(&[
                "mobile",
                "telephone",
                "tel",
                "手机",
                "手机号",
                "联系电话",
                "联系方式",
            ]),
            column("building", "楼栋", Holds::Text).also(&[
                "楼号",
                "address",
                "住址",
                "地址",
                "door",
                "门牌号",
            ]),
            column("skills", "技能", Holds::Text).also(&[
                "skill",
                "can_do",
                "特长",
                "能做什么",
                "专长",
                "岗位技能",
            ]),
            column("available", "可服务时间", Holds::Text).also(&[
                "availability",
                "times",
                "when",
                "can_come",
                "时间",
                "空闲时间",
                "服务时间",
                "有空时间",
                "可参加时间",
            ]),
            column("hours_max", "最长小时数", Holds::Text).also(&["max_hours", "每天最长小时数"]),
            column("together_with", "同组", Holds::Text).also(&["together", "with", "一起", "同行"]),
            column("apart_from", "不同组", Holds::Text).also(&["apart", "not_with", "不同班", "错开"]),
            column("child_at_home", "家有孩子", Holds::Text).also(&[
                "child",
                "children",
                "孩子",
                "孩子在家",
                "轮流带孩子",
            ]),
            column("experience", "经验", Holds::Text).also(&[
                "experienced",
                "times_served",
                "服务经验",
                "是否新手",
                "次数",
            ]),
            column("limits", "限制", Holds::Text).also(&[
                "limit",
                "cannot",
                "health",
                "不能",
                "身体情况",
                "注意事项",
            ]),
            column("prefers", "意向岗位", Holds::Text).also(&[
                "preference",
                "prefer",
                "wishes",
                "意向",
                "想做",
            ]),
            column("standby", "机动", Holds::Text).also(&["if_needed", "backup", "备用", "替补"]),
            column("languages", "语言", Holds::Text).also(&["language", "外语"]),
            column("organisations", "所属组织", Holds::Text).also(&[
                "organisation",
                "organizations",
                "organization",
                "单位",
                "组织",
                "党支部",
                "所在单位",
            ]),
            column("from", "来自", Holds::Text).also(&["guest_of", "lent_by", "借自", "外援"]),
        ],
    },
    Table {
        name: "shifts",
        columns: &[
            needed("role", "岗位", Holds::Text).also(&["post", "task", "工作", "任务"]),
            needed("from", "开始时间", Holds::Time).also(&["start", "begins", "开始"]),
            needed("until", "结束时间", Holds::Time).also(&["end", "to", "ends", "结束"]),
            needed("people", "人数", Holds::Whole(0, 10_000)).also(&["needed", "number", "需要人数"]),
            column("date", "日期", Holds::Date).also(&["day"]),
            column("site", "地点", Holds::Text).also(&["place", "community", "小区", "点位"]),
            column("protective", "防护服", Holds::Text).also(&["suit", "protective_clothing", "大白"]),
            column("heat", "高温", Holds::Text).also(&["hot", "outdoors", "户外高温"]),
        ],
    },
    Table {
        name: "labs",
        columns: &[
            needed("lab", "实验室", Holds::Text),
            // Needed too, but who wrote a day's number instead is asked for the hour's.
            column("tubes_per_hour", "每小时管数", Holds::Number(0.0, 1_000_000.0)),
            column("tubes_per_day", "每天管数", Holds::Number(0.0, 100_000_000.0)).also(&[
                "tubes_a_day",
                "per_day",
                "日检测能力",
                "每日管数",
                "日检测管数",
            ]),
            column("opens", "开始时间", Holds::Time),
            column("closes", "结束时间", Holds::Time),
            column("ready_from", "可用时间", Holds::Time),
            column("setup_h", "搭建小时数", Holds::Number(0.0, 168.0)),
            column("travel_h", "路程小时数", Holds::Number(0.0, 168.0)),
            column("notice_h", "提前通知小时数", Holds::Number(0.0, 168.0)),
            column("mobile_from", "气膜到位日期", Holds::Date),
            column("latitude", "纬度", LATITUDE),
            column("longitude", "经度", LONGITUDE),
        ],
    },
    Table {
        name: "donors",
        columns: &[
            needed("donor", "支援方", Holds::Text),
            needed("skill", "专业", Holds::Text),
            needed("people", "人数", PEOPLE),
            column("offers", "可支援人数", PEOPLE).also(&["offered"]),
            column("reserve", "留守人数", PEOPLE),
            column("residents", "居民人数", PEOPLE),
            column("cases", "本地病例数", Holds::Number(0.0, 1e7)),
            column("growth_per_day", "每日增长倍数", Holds::Number(0.0, 5.0)),
            column("tests_per_day", "每日自检人数", Holds::Number(0.0, 1e8)),
            column("tests_until", "自检截止日期", Holds::Date),
            column("buses_per_day", "每日客车数", Holds::Whole(0, 10_000)),
            column("travel_h", "路程小时数", Holds::Number(0.0, 168.0)),
            column("latitude", "纬度", LATITUDE),
            column("longitude", "经度", LONGITUDE),
        ],
    },
    Table {
        name: "demand",
        columns: &[
            needed("recipient", "受援方", Holds::Text),
            needed("skill", "专业", Holds::Text),
            needed("people", "人数", PEOPLE),
            needed("from", "开始日期", Holds::Date),
            column("to", "结束日期", Holds::Date),
            column("why", "用途", Holds::Text),
        ],
    },
    Table {
        name: "deployed",
        columns: &[
            needed("team", "队伍", Holds::Text),
            needed("donor", "支援方", Holds::Text),
            needed("recipient", "受援方", Holds::Text),
            needed("skill", "专业", Holds::Text),
            needed("people", "人数", PEOPLE),
            needed("from", "开始日期", Holds::Date),
            column("to", "结束日期", Holds::Date),
        ],
    },
    Table {
        name: "travel",
        columns: &[
            needed("donor", "支援方", Holds::Text),
            needed("recipient", "受援方", Holds::Text),
            needed("travel_h", "路程小时数", Holds::Number(0.0, 168.0)),
        ],
    },
    Table {
        name: "supplies",
        columns: &[
            needed("good", "物资", Holds::Text).also(&["item", "goods", "物品", "品名", "名称"]),
            needed("unit", "单位", Holds::Text),
            needed("per", "按什么用", Holds::Text).also(&["used_per", "for_each", "用量依据", "每"]),
            needed("rate", "用量", Holds::Number(0.0, 10_000.0)).also(&[
                "quantity",
                "数量",
                "定额",
                "每次用量",
            ]),
            column("hot_rate", "高温用量", Holds::Number(0.0, 10_000.0)).also(&["rate_hot", "高温时用量"]),
            column("station", "工位", Holds::Text),
            column("box", "每箱数量", Holds::Whole(1, 1_000_000)).also(&["per_box", "每箱", "装箱数"]),
            column("on_hand", "现有数量", PEOPLE).also(&["stock", "现有", "库存"]),
            column("coming", "在途数量", PEOPLE).also(&["on_the_way", "在途"]),
            column("coming_at", "在途到达时间", Holds::Time).also(&["arrives", "到达时间"]),
            column("lead_min", "运送分钟数", Holds::Whole(0, 10_080)).also(&["lead", "提前分钟数"]),
        ],
    },
    Table {
        name: "sites",
        columns: &[
            needed("site", "点位", Holds::Text),
            column("district", "区", Holds::Text),
            needed("residents", "居民人数", PEOPLE),
            column("shape", "点型", Holds::Text),
            column("lanes", "通道数", Holds::Whole(0, 1_000)),
            column("staff", "工作人员数", PEOPLE),
            column("servers", "各工位人数", Holds::Text),
            column("opens", "开始时间", Holds::Time),
            column("closes", "结束时间", Holds::Time),
            column("latitude", "纬度", LATITUDE),
            column("longitude", "经度", LONGITUDE),
        ],
    },
    Table {
        name: "places",
        columns: &[
            needed("place", "地区", Holds::Text),
            needed("kind", "级别", Holds::Text),
            column("parent", "上级地区", Holds::Text),
            column("residents", "居民人数", PEOPLE),
            column("beds", "住宿床位数", PEOPLE),
            column("latitude", "纬度", LATITUDE),
            column("longitude", "经度", LONGITUDE),
            column("radius_km", "半径公里数", Holds::Number(0.0, 1_000.0)),
        ],
    },
    Table {
        name: "questions",
        columns: &[
            needed("question", "问题", Holds::Text),
            column("answer", "回答", Holds::Text),
            column("where", "地点", Holds::Text),
        ],
    },
];

impl Table {
    /// The columns that each row must have.
    pub fn required(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.columns.iter().filter(|column| column.required)
    }

    /// The column of a heading, in either language; capitals, spaces and brackets make no difference.
    pub fn column(&self, heading: &str) -> Option<&'static Column> {
        let bare = bare(heading);
        self.columns.iter().find(|column| column.is(&bare))
    }

    /// The column whose heading is like this one.
    pub fn nearest(&self, heading: &str) -> Option<&'static Column> {
        const NEAR: f64 = 0.5;
        let bare = bare(heading);
        let near = |column: &Column| {
            let english = strsim::normalized_levenshtein(&bare, column.name);
            english.max(strsim::normalized_levenshtein(&bare, column.chinese))
        };
        let scored = self.columns.iter().map(|column| (near(column), column));
        let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
        (best.0 >= NEAR).then_some(best.1)
    }
}

impl Column {
    const fn also(self, also: &'static [&'static str]) -> Column {
        Column { also, ..self }
    }

    /// Whether a plain heading is this column's.
    fn is(&self, bare: &str) -> bool {
        self.name == bare || self.chinese == bare || self.also.contains(&bare)
    }

    /// Both headings: `tubes_per_hour (每小时管数)`.
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.chinese)
    }
}

fn bare(heading: &str) -> String {
    let heading = heading.split('(').next().unwrap_or("");
    let text = domain::simplified(heading.trim().trim_matches('*')).to_lowercase();
    text.split([' ', '_', '-']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}
