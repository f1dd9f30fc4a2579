"""The whole product on one page: one field per thing the portal can be asked to do."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.ledger import SourceKind
from domain.ports import (
    ApiKeys,
    Doorbell,
    Item,
    Login,
    Mailer,
    OpenWork,
    Papers,
    ScriptFile,
    Sessions,
    Shops,
    Stores,
    Tables,
)
from domain.use_cases.announce import Announce
from domain.use_cases.announce_payment import AnnouncePayment, DismissAnnouncement, ListAnnounced
from domain.use_cases.apply_credit import ApplyAsExpected, ApplyCredit, TakeBackAllocation
from domain.use_cases.attach_file import AttachFile, RemoveFile, ShowFile
from domain.use_cases.automatic_invoices import InvoiceByItself
from domain.use_cases.change_settings import ChangeSettings, KeepLogo, ListMethods, LookAtSettings
from domain.use_cases.charge_back import ChargeBack, WinChargeback
from domain.use_cases.check_store import CheckStore, LookAtHealth
from domain.use_cases.create_invoice import CreateInvoice, PrepareInvoice
from domain.use_cases.create_invoices import ShowRun, StartRun, WorkOffRun
from domain.use_cases.draw_up_papers import DrawUpCreditMemo, DrawUpInvoice, DrawUpReceipt, DrawUpStatement, ReadLogo
from domain.use_cases.edit_invoice import DeleteInvoice, EditInvoice, RestoreInvoice, VoidInvoice
from domain.use_cases.edit_memo import EditMemo
from domain.use_cases.end_opening import EndOpening, LookAtOpening
from domain.use_cases.export_lists import ExportList, ListExports, ShowExport, WriteExport
from domain.use_cases.follow_order import CompareOrder, UpdateFromOrder
from domain.use_cases.import_b2b_invoices import ImportOtherInvoices, LookAtOtherInvoices
from domain.use_cases.import_invoices import ImportInvoice
from domain.use_cases.install_store import InstallStore
from domain.use_cases.issue_credit_memo import IssueCreditMemo, PrepareCreditMemo
from domain.use_cases.keep_files import ReadFile
from domain.use_cases.look_at_audit import LookAtAudit
from domain.use_cases.look_at_checkout import LookAtCart, LookAtPaidOrder
from domain.use_cases.look_at_companies import ListAccounts, ShowCompany, ShowStatement
from domain.use_cases.look_at_credit_memos import ListCreditMemos, ShowCreditMemo
from domain.use_cases.look_at_invoices import (
    ListCompanyInvoices,
    ListInvoices,
    ListNumbers,
    PreviewInvoice,
    ShowCompanyInvoice,
    ShowInvoice,
)
from domain.use_cases.look_at_orders import ListOrders
from domain.use_cases.look_at_overview import LookAtOverview
from domain.use_cases.look_at_payments import ListPayments, ListReviews, ShowPayment
from domain.use_cases.look_at_store import ListCompanies, LookAtStore, RepairStore
from domain.use_cases.manage_company import ChangeContacts, ChangeTerms
from domain.use_cases.manage_keys import IssueKey, ListKeys, RecogniseKey, RevokeKey
from domain.use_cases.manage_roles import ResetRole, ShowRoles, SwitchRights
from domain.use_cases.manage_staff import (
    AddUser,
    AskForAccess,
    AssignRole,
    ListStaff,
    RemoveUser,
    SetStaffRules,
    WithdrawInvitation,
)
from domain.use_cases.manual_invoice import CreateManualInvoice, StartManualInvoice
from domain.use_cases.mark_payment_order import MarkPaymentOrder
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.pay_out_credit import PayOutCredit
from domain.use_cases.receive_hook import ReceiveHook
from domain.use_cases.record_offline_payment import OpenInvoices, RecordOfflinePayment
from domain.use_cases.reverse_payment import ReversePayment
from domain.use_cases.send_mail import SendInvoice, SendMail
from domain.use_cases.send_statement import SendStatement
from domain.use_cases.set_up_store import SetUpStore
from domain.use_cases.settle_checkout import SettleCheckout
from domain.use_cases.settle_review import ListReviewItems, SettleReview, ShowReview
from domain.use_cases.sign_in_buyer import RecogniseBuyer, SignInBuyer
from domain.use_cases.sign_in_staff import RecogniseStaff, SignInStaff
from domain.use_cases.start_checkout import StartCheckout
from domain.use_cases.sweep import Sweep
from domain.use_cases.sync_directory import RefreshCompany, SyncDirectory
from domain.use_cases.sync_orders import SyncOrders
from domain.use_cases.sync_sales_staff import ReadSalesStaff, SyncSalesStaff
from domain.use_cases.take_in_order import FollowCart, TakeInOrder
from domain.use_cases.uninstall_store import FollowUninstall, RemoveStaff, UninstallStore
from domain.use_cases.watch_sync import LookAtSync, SyncNow, TryAgain
from domain.use_cases.work_through import Handler, WorkThrough
from domain.use_cases.write_mails import ListMails, PreviewMail, SaveMailTemplate, SendTestMail
from domain.use_cases.write_off import ReverseWriteOff, WriteOff


@dataclass(frozen=True)
class World:
    """Everything the portal needs from outside, as the composition root or a test provides it."""

    open_work: OpenWork
    stores: Stores
    sessions: Sessions
    keys: ApiKeys
    login: Login
    shops: Shops
    mailer: Mailer
    papers: Papers
    tables: Tables
    doorbell: Doorbell
    script: Callable[[], ScriptFile]
    hook_secret: Callable[[], str]
    report: Callable[[int, Item, Exception], None]
    public_url: str


@dataclass(frozen=True)
class Portal:
    """Use cases by name. Staff acts take an Actor from `recognise_staff`, buyers' from `recognise_buyer`, an ERP's
    from `recognise_key`."""

    # the store and its people
    install_store: InstallStore
    uninstall_store: UninstallStore
    sign_in_staff: SignInStaff
    recognise_staff: RecogniseStaff
    remove_staff: RemoveStaff
    list_staff: ListStaff
    assign_role: AssignRole
    add_user: AddUser
    remove_user: RemoveUser
    withdraw_invitation: WithdrawInvitation
    ask_for_access: AskForAccess
    set_staff_rules: SetStaffRules
    read_sales_staff: ReadSalesStaff
    show_roles: ShowRoles
    switch_rights: SwitchRights
    reset_role: ResetRole
    look_at_audit: LookAtAudit
    look_at_store: LookAtStore
    look_at_overview: LookAtOverview
    look_at_opening: LookAtOpening
    look_at_health: LookAtHealth
    check_store: CheckStore
    look_at_other_invoices: LookAtOtherInvoices
    import_other_invoices: ImportOtherInvoices
    end_opening: EndOpening
    repair_store: RepairStore
    look_at_settings: LookAtSettings
    change_settings: ChangeSettings
    keep_logo: KeepLogo
    list_methods: ListMethods
    preview_mail: PreviewMail
    send_test_mail: SendTestMail
    save_mail_template: SaveMailTemplate
    list_mails: ListMails
    send_invoice: SendInvoice
    list_companies: ListCompanies
    issue_key: IssueKey
    list_keys: ListKeys
    revoke_key: RevokeKey
    recognise_key: RecogniseKey
    # orders and invoices
    list_orders: ListOrders
    prepare_invoice: PrepareInvoice
    create_invoice: CreateInvoice
    start_run: StartRun
    show_run: ShowRun
    compare_order: CompareOrder
    update_from_order: UpdateFromOrder
    look_at_sync: LookAtSync
    sync_now: SyncNow
    try_again: TryAgain
    import_invoice: ImportInvoice
    list_invoices: ListInvoices
    show_invoice: ShowInvoice
    preview_invoice: PreviewInvoice
    list_numbers: ListNumbers
    edit_invoice: EditInvoice
    delete_invoice: DeleteInvoice
    restore_invoice: RestoreInvoice
    void_invoice: VoidInvoice
    start_manual_invoice: StartManualInvoice
    attach_file: AttachFile
    show_file: ShowFile
    remove_file: RemoveFile
    create_manual_invoice: CreateManualInvoice
    # payments
    open_invoices: OpenInvoices
    record_offline_payment: RecordOfflinePayment
    reverse_payment: ReversePayment
    list_payments: ListPayments
    show_payment: ShowPayment
    list_reviews: ListReviews
    apply_credit: ApplyCredit
    take_back_allocation: TakeBackAllocation
    pay_out_credit: PayOutCredit
    charge_back: ChargeBack
    win_chargeback: WinChargeback
    edit_memo: EditMemo
    announce_payment: AnnouncePayment
    list_announced: ListAnnounced
    dismiss_announcement: DismissAnnouncement
    list_review_items: ListReviewItems
    show_review: ShowReview
    settle_review: SettleReview
    apply_as_expected: ApplyAsExpected
    # papers and files
    draw_up_invoice: DrawUpInvoice
    draw_up_credit_memo: DrawUpCreditMemo
    draw_up_receipt: DrawUpReceipt
    draw_up_statement: DrawUpStatement
    read_logo: ReadLogo
    papers: Papers
    read_file: ReadFile
    export_list: ExportList
    show_export: ShowExport
    list_exports: ListExports
    # credit and companies
    list_credit_memos: ListCreditMemos
    show_credit_memo: ShowCreditMemo
    prepare_credit_memo: PrepareCreditMemo
    issue_credit_memo: IssueCreditMemo
    apply_credit_memo: ApplyCredit
    take_back_credit: TakeBackAllocation
    write_off: WriteOff
    reverse_write_off: ReverseWriteOff
    list_accounts: ListAccounts
    show_company: ShowCompany
    show_statement: ShowStatement
    send_statement: SendStatement
    change_terms: ChangeTerms
    change_contacts: ChangeContacts
    # buyers
    sign_in_buyer: SignInBuyer
    recognise_buyer: RecogniseBuyer
    list_company_invoices: ListCompanyInvoices
    show_company_invoice: ShowCompanyInvoice
    start_checkout: StartCheckout
    look_at_cart: LookAtCart
    look_at_paid_order: LookAtPaidOrder
    # what runs by itself
    receive_hook: ReceiveHook
    work_through: WorkThrough
    sweep: Sweep
    open_work: OpenWork


def build_portal(world: World) -> Portal:
    """Plain constructor calls, no container."""
    w = world
    open_shop = OpenShop(w.open_work, w.shops)
    uninstall = UninstallStore(w.login, w.stores, w.sessions, w.open_work)
    return Portal(
        install_store=InstallStore(w.login, w.stores, w.sessions, w.open_work, w.doorbell),
        uninstall_store=uninstall,
        sign_in_staff=SignInStaff(w.login, w.stores, w.sessions, w.open_work, w.doorbell),
        recognise_staff=RecogniseStaff(w.sessions, w.stores, w.open_work),
        remove_staff=RemoveStaff(w.login, w.stores, w.sessions, w.open_work),
        list_staff=ListStaff(w.open_work),
        assign_role=AssignRole(w.open_work),
        add_user=AddUser(w.open_work),
        remove_user=RemoveUser(w.open_work, w.sessions),
        withdraw_invitation=WithdrawInvitation(w.open_work),
        ask_for_access=AskForAccess(w.open_work),
        set_staff_rules=SetStaffRules(w.open_work),
        read_sales_staff=ReadSalesStaff(w.open_work, w.doorbell),
        show_roles=ShowRoles(w.open_work),
        switch_rights=SwitchRights(w.open_work),
        reset_role=ResetRole(w.open_work),
        look_at_audit=LookAtAudit(w.open_work),
        look_at_store=LookAtStore(w.open_work),
        look_at_overview=LookAtOverview(w.open_work),
        look_at_opening=LookAtOpening(w.open_work),
        look_at_health=LookAtHealth(w.open_work),
        check_store=CheckStore(w.open_work, open_shop),
        look_at_other_invoices=LookAtOtherInvoices(w.open_work, open_shop),
        import_other_invoices=ImportOtherInvoices(w.open_work, open_shop, ImportInvoice(w.open_work)),
        end_opening=EndOpening(w.open_work),
        repair_store=RepairStore(w.open_work, w.doorbell),
        look_at_settings=LookAtSettings(w.open_work),
        change_settings=ChangeSettings(w.open_work),
        keep_logo=KeepLogo(w.open_work),
        list_methods=ListMethods(w.open_work, open_shop),
        preview_mail=PreviewMail(w.open_work),
        send_test_mail=SendTestMail(w.open_work, w.mailer, PreviewMail(w.open_work)),
        save_mail_template=SaveMailTemplate(w.open_work, ChangeSettings(w.open_work)),
        list_mails=ListMails(w.open_work),
        send_invoice=SendInvoice(w.open_work, w.doorbell),
        list_companies=ListCompanies(w.open_work),
        issue_key=IssueKey(w.keys, w.open_work),
        list_keys=ListKeys(w.keys),
        revoke_key=RevokeKey(w.keys, w.open_work),
        recognise_key=RecogniseKey(w.keys, w.stores),
        list_orders=ListOrders(w.open_work),
        prepare_invoice=PrepareInvoice(w.open_work, open_shop),
        create_invoice=CreateInvoice(w.open_work, open_shop),
        start_run=StartRun(w.open_work, w.doorbell),
        show_run=ShowRun(w.open_work),
        compare_order=CompareOrder(w.open_work, open_shop),
        update_from_order=UpdateFromOrder(w.open_work, open_shop),
        look_at_sync=LookAtSync(w.open_work),
        sync_now=SyncNow(w.open_work, w.doorbell),
        try_again=TryAgain(w.open_work, w.doorbell),
        import_invoice=ImportInvoice(w.open_work),
        list_invoices=ListInvoices(w.open_work),
        show_invoice=ShowInvoice(w.open_work),
        preview_invoice=PreviewInvoice(w.open_work),
        list_numbers=ListNumbers(w.open_work),
        edit_invoice=EditInvoice(w.open_work),
        delete_invoice=DeleteInvoice(w.open_work),
        restore_invoice=RestoreInvoice(w.open_work),
        void_invoice=VoidInvoice(w.open_work),
        start_manual_invoice=StartManualInvoice(w.open_work),
        attach_file=AttachFile(w.open_work),
        show_file=ShowFile(w.open_work),
        remove_file=RemoveFile(w.open_work),
        create_manual_invoice=CreateManualInvoice(w.open_work),
        open_invoices=OpenInvoices(w.open_work),
        record_offline_payment=RecordOfflinePayment(w.open_work),
        reverse_payment=ReversePayment(w.open_work),
        list_payments=ListPayments(w.open_work),
        show_payment=ShowPayment(w.open_work),
        list_reviews=ListReviews(w.open_work),
        apply_credit=ApplyCredit(w.open_work, SourceKind.PAYMENT),
        take_back_allocation=TakeBackAllocation(w.open_work, SourceKind.PAYMENT),
        pay_out_credit=PayOutCredit(w.open_work),
        charge_back=ChargeBack(w.open_work),
        win_chargeback=WinChargeback(w.open_work),
        edit_memo=EditMemo(w.open_work),
        announce_payment=AnnouncePayment(w.open_work),
        list_announced=ListAnnounced(w.open_work),
        dismiss_announcement=DismissAnnouncement(w.open_work),
        list_review_items=ListReviewItems(w.open_work),
        show_review=ShowReview(w.open_work),
        settle_review=SettleReview(w.open_work),
        apply_as_expected=ApplyAsExpected(w.open_work),
        draw_up_invoice=DrawUpInvoice(w.open_work),
        draw_up_credit_memo=DrawUpCreditMemo(w.open_work),
        draw_up_receipt=DrawUpReceipt(w.open_work),
        draw_up_statement=DrawUpStatement(w.open_work),
        read_logo=ReadLogo(w.open_work),
        papers=w.papers,
        read_file=ReadFile(w.open_work),
        export_list=ExportList(w.open_work, w.tables, w.doorbell),
        show_export=ShowExport(w.open_work),
        list_exports=ListExports(w.open_work),
        list_credit_memos=ListCreditMemos(w.open_work),
        show_credit_memo=ShowCreditMemo(w.open_work),
        prepare_credit_memo=PrepareCreditMemo(w.open_work),
        issue_credit_memo=IssueCreditMemo(w.open_work),
        apply_credit_memo=ApplyCredit(w.open_work, SourceKind.CREDIT_MEMO),
        take_back_credit=TakeBackAllocation(w.open_work, SourceKind.CREDIT_MEMO),
        write_off=WriteOff(w.open_work),
        reverse_write_off=ReverseWriteOff(w.open_work),
        list_accounts=ListAccounts(w.open_work),
        show_company=ShowCompany(w.open_work),
        show_statement=ShowStatement(w.open_work),
        send_statement=SendStatement(w.open_work, w.doorbell),
        change_terms=ChangeTerms(w.open_work),
        change_contacts=ChangeContacts(w.open_work),
        sign_in_buyer=SignInBuyer(w.login, w.stores, w.sessions, w.open_work, open_shop),
        recognise_buyer=RecogniseBuyer(w.sessions, w.stores, w.open_work),
        list_company_invoices=ListCompanyInvoices(w.open_work),
        show_company_invoice=ShowCompanyInvoice(w.open_work),
        start_checkout=StartCheckout(w.open_work, open_shop, w.doorbell),
        look_at_cart=LookAtCart(w.open_work, open_shop),
        look_at_paid_order=LookAtPaidOrder(w.open_work, w.doorbell),
        receive_hook=ReceiveHook(w.stores, w.open_work, w.doorbell),
        work_through=_work_through(w, open_shop, uninstall),
        sweep=Sweep(w.open_work, open_shop, w.doorbell),
        open_work=w.open_work,
    )


def _work_through(w: World, open_shop: OpenShop, uninstall: UninstallStore) -> WorkThrough:
    """Which kind of inbox or outbox row is whose work."""
    take_in = TakeInOrder(w.open_work, open_shop, SettleCheckout(w.open_work, w.doorbell), w.doorbell)
    follow_cart = FollowCart(open_shop, take_in)
    refresh = RefreshCompany(w.open_work, open_shop)
    set_up = SetUpStore(w.open_work, open_shop, w.stores, w.script, w.hook_secret, w.public_url)
    check = CheckStore(w.open_work, open_shop)
    directory = SyncDirectory(w.open_work, open_shop)
    sales_staff = SyncSalesStaff(w.open_work, open_shop)
    orders = SyncOrders(w.open_work, open_shop, w.doorbell)
    mark = MarkPaymentOrder(w.open_work, open_shop)
    create = CreateInvoice(w.open_work, open_shop)
    by_itself = InvoiceByItself(w.open_work, create)
    follow_uninstall = FollowUninstall(w.stores, open_shop, uninstall)
    write_export = WriteExport(w.open_work, w.tables, w.mailer)
    inbox: dict[str, Handler] = {
        "order": lambda store_id, item: take_in(store_id, int(item.key)),
        "cart": lambda store_id, item: follow_cart(store_id, item.key),
        "company": lambda store_id, item: refresh(store_id, int(item.key)),
        "uninstall": lambda store_id, item: follow_uninstall(store_id),
    }
    outbox: dict[str, Handler] = {
        "set_up_store": lambda store_id, item: _ignore(set_up(store_id)),
        "sync_sales_staff": lambda store_id, item: sales_staff(store_id),
        "check_store": lambda store_id, item: _ignore(check.of(store_id)),
        "sync_directory": lambda store_id, item: directory(store_id),
        "sync_orders": lambda store_id, item: orders(store_id),
        "create_invoices": WorkOffRun(w.open_work, create, w.report),
        "invoice_order": lambda store_id, item: by_itself(store_id, int(item.key)),
        "mark_order": lambda store_id, item: mark(store_id, int(item.key)),
        "delete_cart": lambda store_id, item: open_shop(store_id).checkout.delete_cart(item.key),
        "event": Announce(w.open_work, w.doorbell),
        "mail": SendMail(w.open_work, w.mailer, w.papers),
        "export": write_export,
        "export_mail": write_export.tell,
    }
    return WorkThrough(w.open_work, inbox, outbox, w.report)


def _ignore(answer: object) -> None:
    """What was mended is already noted by the use case."""
    del answer
