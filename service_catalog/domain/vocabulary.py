"""The code lists: every closed set of values a service may carry, each with its Chinese and English label.

The only place where a code is spelt. Schemas, columns, filters and pages take their values from here, and
``GET /vocabularies`` hands these lists out.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages; ``en`` may be used as the plain string form."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en


class Code(StrEnum):
    """A code with its label: members are declared as ``NAME = "code", "中文", "English"``."""

    label: Text

    def __new__(cls, value: str, zh: str = "", en: str = "") -> "Code":
        """Keep the code as the string value and the two labels beside it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Text(zh, en)
        return member


class Domain(Code):
    """业务板块: the area of business a service belongs to."""

    EMPLOYMENT = "employment", "就业创业", "Employment and start-ups"
    SOCIAL_INSURANCE = "social-insurance", "社会保险", "Social insurance"
    LABOUR_RELATIONS = "labour-relations", "劳动关系", "Labour relations"
    TALENT_PERSONNEL = "talent-personnel", "人才人事", "Talent and personnel"
    SOCIAL_SECURITY_CARD = "social-security-card", "社会保障卡", "Social security card"
    RIGHTS_PROTECTION = "rights-protection", "劳动保障监察与调解仲裁", "Labour inspection, mediation and arbitration"


class Audience(Code):
    """服务对象: whom a service is for; ``enterprise`` is any employer or legal person."""

    INDIVIDUAL = "individual", "个人", "Individual"
    ENTERPRISE = "enterprise", "企业（用人单位）", "Enterprise (any employer)"


class Tag(Code):
    """The tags of the reform, in the order in which they stand in a document."""

    ZERO_VISIT = "zero-visit", "一次不用跑", "Zero visits"
    ONE_VISIT = "one-visit", "最多跑一次", "At most one visit"
    SINGLE_WINDOW = "single-window", "一窗通办", "Single window"


class Depth(Code):
    """网上办理深度: how far a service goes online, declared from the shallowest to the deepest."""

    CONSULT = "consult", "网上咨询", "Consult"
    SUBMIT = "submit", "网上申报", "Submit"
    PRELIMINARY_REVIEW = "preliminary-review", "网上预审", "Preliminary review"
    ACCEPT = "accept", "网上受理", "Accept"
    COMPLETE = "complete", "网上办结", "Complete"

    @property
    def rank(self) -> int:
        """1 for the shallowest depth to 5 for the deepest, so that depths can be compared."""
        return list(type(self)).index(self) + 1


class MatterType(Code):
    """事项类型: the legal nature of a service."""

    LICENCE = "licence", "行政许可", "Licence"
    RECOGNITION = "recognition", "行政确认", "Recognition"
    BENEFIT = "benefit", "行政给付", "Benefit"
    PUBLIC_SERVICE = "public-service", "公共服务", "Public service"
    OTHER_POWER = "other-power", "其他行政权力", "Other power"


class Handling(Code):
    """办件类型: settled on the spot, or within a promised time."""

    IMMEDIATE = "immediate", "即办件", "Settled on the spot"
    COMMITTED = "committed", "承诺件", "Settled within the promised time"


class DayUnit(Code):
    """The unit of a time limit; statutes use both."""

    WORKING_DAY = "working-day", "工作日", "working day"
    CALENDAR_DAY = "calendar-day", "自然日", "calendar day"


class LifeEvent(Code):
    """一件事: the occasion in somebody's life, or in a company's, at which a service is needed."""

    JOB_SEEKING = "job-seeking", "求职就业", "Finding work"
    ENROLMENT = "enrolment", "参保缴费", "Enrolling and paying contributions"
    RETIREMENT = "retirement", "退休养老", "Retirement and pension"
    UNEMPLOYMENT = "unemployment", "失业", "Losing a job"
    WORK_INJURY = "work-injury", "工伤", "Work injury"
    STARTING_UP = "starting-up", "创业", "Starting a business"
    HIRING = "hiring", "招用员工", "Hiring staff"
    CARD = "card", "领卡用卡", "Getting and using the card"
    RIGHTS = "rights", "维权", "Standing up for one's rights"
    LICENSING = "licensing", "经营许可", "Licences to trade"
    COMPLIANT_EMPLOYMENT = "compliant-employment", "规范用工", "Employing by the rules"
    TALENT = "talent", "人才服务", "Files, titles and talent services"


class Platform(Code):
    """The platform an online channel runs on."""

    WECHAT_OFFICIAL_ACCOUNT = "wechat-official-account", "微信公众号", "WeChat official account"
    WEB = "web", "网站", "Website"
    APP = "app", "手机应用", "Mobile app"
    MINI_PROGRAM = "mini-program", "小程序", "Mini program"


class Authentication(Code):
    """How a person proves who they are in an online channel."""

    FACE_LIVENESS = "face-liveness", "人脸活体检测", "Face liveness check"
    REAL_NAME = "real-name", "实名认证", "Real-name sign-in"
    DIGITAL_CERTIFICATE = "digital-certificate", "数字证书", "Digital certificate"


class MaterialForm(Code):
    """The form in which a material is handed in."""

    ORIGINAL = "original", "原件", "Original"
    COPY = "copy", "复印件", "Copy"
    ELECTRONIC = "electronic", "电子", "Electronic"


class Basis(Code):
    """What a catalogue entry rests on."""

    ARTICLE = "article", "报道点名", "Named in the newspaper article"
    NATIONAL_LIST = "national-list", "见于公开目录", "Seen in a published list"
    INFERRED = "inferred", "推断", "Inferred"


class Confidence(Code):
    """How sure it is that the entry exists as named; it says nothing about flags or promised times."""

    HIGH = "high", "高", "High"
    MEDIUM = "medium", "中", "Medium"
    LOW = "low", "低", "Low"


class FlagOrigin(Code):
    """Where the visit, window and channel flags of an entry come from."""

    INFERRED = "inferred", "推断", "Inferred"
    CONFIRMED = "confirmed", "已核实", "Confirmed by the authority"


class Status(Code):
    """Whether an entry is in force; a retired one stays readable."""

    ACTIVE = "active", "在用", "Active"
    RETIRED = "retired", "已停用", "Retired"


VOCABULARIES: dict[str, type[Code]] = {
    "domains": Domain,
    "audiences": Audience,
    "tags": Tag,
    "depths": Depth,
    "matter_types": MatterType,
    "handlings": Handling,
    "day_units": DayUnit,
    "life_events": LifeEvent,
    "platforms": Platform,
    "authentications": Authentication,
    "material_forms": MaterialForm,
    "bases": Basis,
    "confidences": Confidence,
    "flag_origins": FlagOrigin,
    "statuses": Status,
}
"""Every code list by the name under which ``GET /vocabularies`` answers it."""
