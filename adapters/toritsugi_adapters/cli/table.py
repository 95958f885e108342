"""The command table: what each command is called, where its code lies and what it does, as data that costs no import."""

#: (title ja, title en, commands), in the order a person meets them.
SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("案件を進める", "Work on a case", ("open", "send", "sitting", "can")),
    ("案件を見る", "Look at cases", ("cases", "case", "history", "messages", "due", "agenda")),
    ("支援策を探す", "Find support", ("suggest",)),
    ("手続と日数", "Procedures and dates", ("procedures", "show", "when")),
    ("手続を書く", "Write a procedure", ("new", "lint", "fmt", "graph", "spec", "limits")),
    ("時間を進める", "Let time pass", ("tick", "deliver", "run")),
    ("記録を守る", "Keep the record", ("audit", "erase", "rebase", "calendar")),
    ("試す", "Try it", ("demo",)),
    ("端末", "The terminal", ("completion",)),
)

#: command -> (module under `commands`, attribute, summary ja, summary en).
COMMANDS: dict[str, tuple[str, str, str, str]] = {
    "open": (
        "opening",
        "open_",
        "案件を開く（様式のファイル、または項目=値から）",
        "open a case, from a filled form or from field=value",
    ),
    "send": ("acting", "send", "案件に操作を記録する", "record what was done in a case"),
    "sitting": (
        "meetings",
        "sitting",
        "会議の結果を、何件でも一括して記録する",
        "record what a meeting decided, in several cases at once",
    ),
    "can": (
        "outlook",
        "can",
        "今できる操作と担当、できない操作とその理由",
        "what may be done now, by whom, and why not the rest",
    ),
    "cases": (
        "listing",
        "cases",
        "案件の一覧（番号、企業、状態、次の期限）",
        "all cases: number, company, state, next deadline",
    ),
    "case": ("cases", "case", "案件の現在の状態と内容", "a case as it stands"),
    "history": ("cases", "history", "案件の経過", "what has happened in a case"),
    "messages": ("cases", "messages", "案件から出た送付物と通知の行方", "what left a case, and how far it has come"),
    "due": (
        "deadlines",
        "due",
        "期限の一覧（過ぎたものを含む）",
        "deadlines that are running, and those already missed",
    ),
    "agenda": (
        "meetings",
        "agenda",
        "ある日に期限が来る案件（会議の議題）の一覧",
        "the cases of which a deadline falls on a day",
    ),
    "suggest": (
        "suggest",
        "suggest",
        "段階・用途・日から、使える支援策と取次ぎ先を示す",
        "which support fits a step, a need and a day, and why",
    ),
    "procedures": ("procedures", "procedures", "扱える手続の一覧", "the procedures that are installed"),
    "show": ("procedures", "show", "手続の内容（状態、操作、期限）", "a procedure: its states, events and deadlines"),
    "when": (
        "deadlines",
        "when",
        "期限の日付を計算し、数え方を説明する",
        "work out a due date and explain how it was counted",
    ),
    "new": (
        "new",
        "new",
        "新しい機関・手続のひな形を作る",
        "begin an institution or a procedure of your own",
    ),
    "lint": ("lint", "lint", "定義（YAML）の誤りをすべて一度に示す", "every fault of a procedure's file, in one go"),
    "fmt": (
        "fmt",
        "fmt",
        "定義（YAML）の字下げや空白を整える",
        "lay a procedure's file out: indentation, blanks, quotes",
    ),
    "graph": ("graph", "graph", "手続や案件の流れを図にする", "draw a procedure, or a case on its way through it"),
    "spec": (
        "spec",
        "spec",
        "手続の約束（.feature）を実行する",
        "carry out what a procedure promises (.feature files)",
    ),
    "limits": ("limits", "limits", "数と大きさの上限", "how many and how large things may be"),
    "tick": ("passing", "tick", "到来した期限を処理する", "fire the deadlines that are due"),
    "deliver": ("passing", "deliver", "待っている送付物を送り出す", "hand over the messages that are waiting"),
    "run": ("passing", "run", "期限と送付を見張り続ける（Ctrl-C で終了）", "watch deadlines and messages until Ctrl-C"),
    "audit": ("audit", "audit", "記録を検証・封印する", "verify the record, or seal it"),
    "erase": (
        "acting",
        "erase",
        "案件の個人情報を消去する（経過は残る）",
        "destroy a case's personal data; its history stays",
    ),
    "rebase": (
        "amending",
        "rebase",
        "案件を手続の別の版に移す（まず示すだけ）",
        "move a case to another version of its procedure",
    ),
    "calendar": (
        "amending",
        "calendar",
        "変わった暦で進行中の期限を数え直す（まず示すだけ）",
        "count running deadlines anew by a changed calendar",
    ),
    "completion": ("completion", "completion", "シェルの入力補完を設定する", "completion of commands in your shell"),
    "demo": ("demo", "demo", "一社の申込みを最後まで通して見せる", "carry one company through, from desk to close"),
}

#: the options every command takes: (option, value, ja, en).
SHARED: tuple[tuple[str, str, str, str], ...] = (
    (
        "--store",
        "URL",
        "データベース（既定：環境変数 TORITSUGI_STORE、または sqlite:///toritsugi.db）",
        "the database (default: $TORITSUGI_STORE, or sqlite:///toritsugi.db)",
    ),
    (
        "--spool",
        "DIR",
        "送付物を置くフォルダー（既定：データベースと同じ場所の spool）",
        "folder for messages (default: spool, beside the store)",
    ),
    (
        "--smtp",
        "URL",
        "電子メールを送るサーバー smtp://host:port（既定：.eml ファイルにする）",
        "mail server, smtp://host:port (default: .eml files in the spool)",
    ),
    (
        "--folder",
        "DIR",
        "自作の機関・手続（YAML）のフォルダー（既定：環境変数 TORITSUGI_FOLDER）",
        "your own institutions and procedures in YAML (default: $TORITSUGI_FOLDER)",
    ),
    (
        "--as",
        "ROLE",
        "どの立場としての操作か。この端末の操作者の代行として記録される",
        "act as this party; recorded as the local operator's act",
    ),
    (
        "--lang",
        "ja|en",
        "表示の言語（既定：TORITSUGI_LANG、端末の言語）",
        "language of the texts (default: $TORITSUGI_LANG, the locale)",
    ),
    ("--json", "", "結果を JSON で出す", "print the result as JSON"),
    (
        "--now",
        "MOMENT",
        '【予行用】この日時（日本時間）で止めた時計を使う 例 "2026-12-25 18:30"',
        "for rehearsals: a clock that stands at this moment",
    ),
    (
        "--migrate",
        "",
        "古い形式のデータベースを今の形式に移してから開く",
        "bring a store of an older format up to date first",
    ),
)

#: what stands for a value in a usage line, as a Japanese reader calls it.
VALUES: dict[str, str] = {
    "ADDRESS": "宛先",
    "ARGUMENTS": "引数",
    "CASE": "案件番号",
    "CHANNEL": "方法",
    "DATE": "日付",
    "DIR": "フォルダー",
    "EVENT": "操作",
    "FIELD": "項目",
    "FILE": "ファイル",
    "FORMAT": "形式",
    "INSTITUTION": "機関",
    "KEY": "キー",
    "KIND": "種類",
    "MOMENT": "日時",
    "NUMBER": "番号",
    "N": "件数",
    "NAME": "名前",
    "PATH": "ファイル",
    "PROCEDURE": "手続",
    "ROLE": "立場",
    "STATE": "状態",
    "TEXT": "文",
    "VALUE": "値",
}
