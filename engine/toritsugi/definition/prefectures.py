"""The 47 prefectures, in the order of their official codes (JIS X 0401), and what people type for them."""

from __future__ import annotations

from collections.abc import Mapping

from toritsugi.definition.types import Title

_JA = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 "
    "石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 "
    "岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
_EN = (
    "Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba Tokyo Kanagawa Niigata "
    "Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto Osaka Hyogo Nara Wakayama Tottori "
    "Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa Ehime Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki "
    "Kagoshima Okinawa"
)

#: id -> title: tokyo -> 東京都, Tokyo.
PREFECTURES: Mapping[str, Title] = {
    en.lower(): Title(ja=ja, en=en) for ja, en in zip(_JA.split(), _EN.split(), strict=True)
}


def prefecture(word: str) -> str | None:
    """The id of the prefecture that is called `word` (tokyo, Tokyo, 東京都, 東京); None: none is."""
    plain = word.strip()
    if plain.lower() in PREFECTURES:
        return plain.lower()
    names = ((id_, title.ja) for id_, title in PREFECTURES.items())
    return next((id_ for id_, ja in names if plain in (ja, ja[:-1] if ja != "北海道" else ja)), None)
