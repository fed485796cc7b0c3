// Made by `npm run sdk:generate` from the OpenAPI document. Do not edit.

import type { OrganizationsListData, OrganizationsListResponse, OrganizationsGetData, OrganizationsGetResponse, OrganizationsUpdateData, OrganizationsUpdateResponse, OrganizationsTokenLifetimesData, OrganizationsTokenLifetimesResponse, OrganizationsAccessData, OrganizationsAccessResponse, OrganizationsListMembersData, OrganizationsListMembersResponse, OrganizationsGetMemberData, OrganizationsGetMemberResponse, OrganizationsSetRoleData, OrganizationsSetRoleResponse, OrganizationsRemoveMemberData, OrganizationsRemoveMemberResponse, OrganizationsRemovalPreviewData, OrganizationsRemovalPreviewResponse, OrganizationsMadeByMemberData, OrganizationsMadeByMemberResponse, OrganizationFileExportData, OrganizationFileExportResponse, OrganizationFilePlanData, OrganizationFilePlanResponse, OrganizationFileApplyData, OrganizationFileApplyResponse, UsageGetData, UsageGetResponse, InvitationsListData, InvitationsListResponse, InvitationsCreateData, InvitationsCreateResponse, InvitationsRevokeData, InvitationsRevokeResponse, InvitationsResendData, InvitationsResendResponse, InvitationsOpenData, InvitationsOpenResponse, InvitationsAcceptData, InvitationsAcceptResponse, ProjectsListData, ProjectsListResponse, ProjectsCreateData, ProjectsCreateResponse, ProjectsCreateSampleData, ProjectsCreateSampleResponse, ProjectsGetData, ProjectsGetResponse, ProjectsUpdateData, ProjectsUpdateResponse, ProjectsDeleteData, ProjectsDeleteResponse, ProjectsListDeletedData, ProjectsListDeletedResponse, ProjectsRestoreData, ProjectsRestoreResponse, ProjectsPurgeData, ProjectsPurgeResponse, ProjectsProtectionData, ProjectsProtectionResponse, ProjectsProtectData, ProjectsProtectResponse, ProjectSummariesListData, ProjectSummariesListResponse, ProjectSummariesCountData, ProjectSummariesCountResponse, ProjectSummariesKeepData, ProjectSummariesKeepResponse, ProjectSummariesForgetData, ProjectSummariesForgetResponse, MembersListData, MembersListResponse, MembersAddData, MembersAddResponse, MembersGetData, MembersGetResponse, MembersUpdateData, MembersUpdateResponse, MembersRemoveData, MembersRemoveResponse, MembersMadeData, MembersMadeResponse, MembersSetCellScopesData, MembersSetCellScopesResponse, MemberChangesApplyData, MemberChangesApplyResponse, AccessReviewListData, AccessReviewListResponse, AccessReviewExportData, AccessReviewExportResponse, ProjectAccessReviewListData, ProjectAccessReviewListResponse, ProjectAccessReviewExportData, ProjectAccessReviewExportResponse, PeopleReviewListData, PeopleReviewListResponse, PeopleReviewCountsData, PeopleReviewCountsResponse, PeopleReviewExportData, PeopleReviewExportResponse, PeopleReviewMarkData, PeopleReviewMarkResponse, NukeNukeData, NukeNukeResponse, NukePreviewData, NukePreviewResponse, NukeListWipesData, NukeListWipesResponse, NukeRestoreWipeData, NukeRestoreWipeResponse, NukePurgeWipeData, NukePurgeWipeResponse, AccessGetData, AccessGetResponse, ViewAsStartData, ViewAsStartResponse, ViewAsStopData, ViewAsStopResponse, StatsGetData, StatsGetResponse, StatsPreviewScopeData, StatsPreviewScopeResponse, TokensListData, TokensListResponse, TokensCreateData, TokensCreateResponse, TokensUpdateData, TokensUpdateResponse, TokensRevokeData, TokensRevokeResponse, TokensRotateData, TokensRotateResponse, OrgTokensListData, OrgTokensListResponse, OrgTokensCreateData, OrgTokensCreateResponse, OrgTokensUpdateData, OrgTokensUpdateResponse, OrgTokensRevokeData, OrgTokensRevokeResponse, OrgTokensRotateData, OrgTokensRotateResponse, PersonalTokensListData, PersonalTokensListResponse, PersonalTokensCreateData, PersonalTokensCreateResponse, PersonalTokensUpdateData, PersonalTokensUpdateResponse, PersonalTokensRevokeData, PersonalTokensRevokeResponse, EnvironmentsListData, EnvironmentsListResponse, EnvironmentsCreateData, EnvironmentsCreateResponse, EnvironmentsDeleteData, EnvironmentsDeleteResponse, EntityTypesListData, EntityTypesListResponse, EntityTypesCreateData, EntityTypesCreateResponse, EntityTypesGetData, EntityTypesGetResponse, EntityTypesReplaceData, EntityTypesReplaceResponse, EntityTypesDeleteData, EntityTypesDeleteResponse, CellsListData, CellsListResponse, CellsCreateData, CellsCreateResponse, CellsGetData, CellsGetResponse, CellsReplaceData, CellsReplaceResponse, CellsDeleteData, CellsDeleteResponse, CellsListMembersData, CellsListMembersResponse, CellsAddMemberData, CellsAddMemberResponse, CellsRemoveMemberData, CellsRemoveMemberResponse, CellUsageGetData, CellUsageGetResponse, PlacementRankData, PlacementRankResponse, EntitiesListData, EntitiesListResponse, EntitiesCreateData, EntitiesCreateResponse, EntitiesGetData, EntitiesGetResponse, EntitiesUpdateData, EntitiesUpdateResponse, EntitiesDeleteData, EntitiesDeleteResponse, EntitiesPushMetricsData, EntitiesPushMetricsResponse, RelationshipTypesListData, RelationshipTypesListResponse, RelationshipTypesCreateData, RelationshipTypesCreateResponse, RelationshipTypesGetData, RelationshipTypesGetResponse, RelationshipTypesReplaceData, RelationshipTypesReplaceResponse, RelationshipTypesDeleteData, RelationshipTypesDeleteResponse, RelationshipsListData, RelationshipsListResponse, RelationshipsCreateData, RelationshipsCreateResponse, RelationshipsGetData, RelationshipsGetResponse, RelationshipsUpdateData, RelationshipsUpdateResponse, RelationshipsDeleteData, RelationshipsDeleteResponse, RelationshipsSetStateData, RelationshipsSetStateResponse, SecretsListData, SecretsListResponse, SecretsCreateData, SecretsCreateResponse, SecretsGetData, SecretsGetResponse, SecretsReplaceData, SecretsReplaceResponse, SecretsDeleteData, SecretsDeleteResponse, SecretsSetValueData, SecretsSetValueResponse, SecretsDeleteValueData, SecretsDeleteValueResponse, CatalogApplyData, CatalogApplyResponse, CatalogRevisionsListData, CatalogRevisionsListResponse, CatalogRevisionsGetData, CatalogRevisionsGetResponse, CatalogRevisionsCompareData, CatalogRevisionsCompareResponse, CatalogRevisionsApplyData, CatalogRevisionsApplyResponse, TransferExportData, TransferExportResponse, TransferImportData, TransferImportResponse, AuditListData, AuditListResponse, AuditChainData, AuditChainResponse, AuditActivityData, AuditActivityResponse, AuditExportData, AuditExportResponse, OrganizationAuditListData, OrganizationAuditListResponse, OrganizationAuditExportData, OrganizationAuditExportResponse, WebhooksListData, WebhooksListResponse, WebhooksCreateData, WebhooksCreateResponse, WebhooksGetData, WebhooksGetResponse, WebhooksUpdateData, WebhooksUpdateResponse, WebhooksDeleteData, WebhooksDeleteResponse, WebhooksRotateSecretData, WebhooksRotateSecretResponse, WebhooksTestData, WebhooksTestResponse, WebhooksListDeliveriesData, WebhooksListDeliveriesResponse, WebhooksRedeliverData, WebhooksRedeliverResponse, RepoLinksListData, RepoLinksListResponse, RepoLinksCreateData, RepoLinksCreateResponse, RepoLinksDeleteData, RepoLinksDeleteResponse, MeGetData, MeGetResponse, MeReauthenticateData, MeReauthenticateResponse, MeChangePasswordData, MeChangePasswordResponse, MeSetUpData, MeSetUpResponse, NoticesListData, NoticesListResponse, NoticesUnreadData, NoticesUnreadResponse, NoticesMarkAllData, NoticesMarkAllResponse, NoticesMarkData, NoticesMarkResponse, SessionsSignInData, SessionsSignInResponse, SessionsSecondStepData, SessionsSecondStepResponse, SessionsStartSecondStepData, SessionsStartSecondStepResponse, SessionsStartPasskeyData, SessionsStartPasskeyResponse, SessionsSignInWithPasskeyData, SessionsSignInWithPasskeyResponse, SessionsListData, SessionsListResponse, SessionsRevokeOthersData, SessionsRevokeOthersResponse, SessionsRevokeData, SessionsRevokeResponse, IdentitiesMethodsData, IdentitiesMethodsResponse, IdentitiesLinkData, IdentitiesLinkResponse, IdentitiesUnlinkData, IdentitiesUnlinkResponse, PasswordResetsRequestData, PasswordResetsRequestResponse, PasswordResetsOpenData, PasswordResetsOpenResponse, PasswordResetsResetData, PasswordResetsResetResponse, FactorsGetData, FactorsGetResponse, FactorsStartTotpData, FactorsStartTotpResponse, FactorsRemoveTotpData, FactorsRemoveTotpResponse, FactorsConfirmTotpData, FactorsConfirmTotpResponse, FactorsRenewRecoveryCodesData, FactorsRenewRecoveryCodesResponse, FactorsStartPasskeyData, FactorsStartPasskeyResponse, FactorsAddPasskeyData, FactorsAddPasskeyResponse, FactorsRenamePasskeyData, FactorsRenamePasskeyResponse, FactorsRemovePasskeyData, FactorsRemovePasskeyResponse, FactorsStartReauthenticationData, FactorsStartReauthenticationResponse, ServerHealthData, ServerHealthResponse, ServerReadyData, ServerReadyResponse, ServerVersionData, ServerVersionResponse, ServerOpenapiData, ServerOpenapiResponse, ServerV1OpenapiData, ServerV1OpenapiResponse } from './types.gen.ts'

/** What each operation takes and answers. */
export interface Operations {
  'organizations.list': { data: OrganizationsListData; answer: OrganizationsListResponse }
  'organizations.get': { data: OrganizationsGetData; answer: OrganizationsGetResponse }
  'organizations.update': { data: OrganizationsUpdateData; answer: OrganizationsUpdateResponse }
  'organizations.tokenLifetimes': { data: OrganizationsTokenLifetimesData; answer: OrganizationsTokenLifetimesResponse }
  'organizations.access': { data: OrganizationsAccessData; answer: OrganizationsAccessResponse }
  'organizations.listMembers': { data: OrganizationsListMembersData; answer: OrganizationsListMembersResponse }
  'organizations.getMember': { data: OrganizationsGetMemberData; answer: OrganizationsGetMemberResponse }
  'organizations.setRole': { data: OrganizationsSetRoleData; answer: OrganizationsSetRoleResponse }
  'organizations.removeMember': { data: OrganizationsRemoveMemberData; answer: OrganizationsRemoveMemberResponse }
  'organizations.removalPreview': { data: OrganizationsRemovalPreviewData; answer: OrganizationsRemovalPreviewResponse }
  'organizations.madeByMember': { data: OrganizationsMadeByMemberData; answer: OrganizationsMadeByMemberResponse }
  'organizationFile.export': { data: OrganizationFileExportData; answer: OrganizationFileExportResponse }
  'organizationFile.plan': { data: OrganizationFilePlanData; answer: OrganizationFilePlanResponse }
  'organizationFile.apply': { data: OrganizationFileApplyData; answer: OrganizationFileApplyResponse }
  'usage.get': { data: UsageGetData; answer: UsageGetResponse }
  'invitations.list': { data: InvitationsListData; answer: InvitationsListResponse }
  'invitations.create': { data: InvitationsCreateData; answer: InvitationsCreateResponse }
  'invitations.revoke': { data: InvitationsRevokeData; answer: InvitationsRevokeResponse }
  'invitations.resend': { data: InvitationsResendData; answer: InvitationsResendResponse }
  'invitations.open': { data: InvitationsOpenData; answer: InvitationsOpenResponse }
  'invitations.accept': { data: InvitationsAcceptData; answer: InvitationsAcceptResponse }
  'projects.list': { data: ProjectsListData; answer: ProjectsListResponse }
  'projects.create': { data: ProjectsCreateData; answer: ProjectsCreateResponse }
  'projects.createSample': { data: ProjectsCreateSampleData; answer: ProjectsCreateSampleResponse }
  'projects.get': { data: ProjectsGetData; answer: ProjectsGetResponse }
  'projects.update': { data: ProjectsUpdateData; answer: ProjectsUpdateResponse }
  'projects.delete': { data: ProjectsDeleteData; answer: ProjectsDeleteResponse }
  'projects.listDeleted': { data: ProjectsListDeletedData; answer: ProjectsListDeletedResponse }
  'projects.restore': { data: ProjectsRestoreData; answer: ProjectsRestoreResponse }
  'projects.purge': { data: ProjectsPurgeData; answer: ProjectsPurgeResponse }
  'projects.protection': { data: ProjectsProtectionData; answer: ProjectsProtectionResponse }
  'projects.protect': { data: ProjectsProtectData; answer: ProjectsProtectResponse }
  'projectSummaries.list': { data: ProjectSummariesListData; answer: ProjectSummariesListResponse }
  'projectSummaries.count': { data: ProjectSummariesCountData; answer: ProjectSummariesCountResponse }
  'projectSummaries.keep': { data: ProjectSummariesKeepData; answer: ProjectSummariesKeepResponse }
  'projectSummaries.forget': { data: ProjectSummariesForgetData; answer: ProjectSummariesForgetResponse }
  'members.list': { data: MembersListData; answer: MembersListResponse }
  'members.add': { data: MembersAddData; answer: MembersAddResponse }
  'members.get': { data: MembersGetData; answer: MembersGetResponse }
  'members.update': { data: MembersUpdateData; answer: MembersUpdateResponse }
  'members.remove': { data: MembersRemoveData; answer: MembersRemoveResponse }
  'members.made': { data: MembersMadeData; answer: MembersMadeResponse }
  'members.setCellScopes': { data: MembersSetCellScopesData; answer: MembersSetCellScopesResponse }
  'memberChanges.apply': { data: MemberChangesApplyData; answer: MemberChangesApplyResponse }
  'accessReview.list': { data: AccessReviewListData; answer: AccessReviewListResponse }
  'accessReview.export': { data: AccessReviewExportData; answer: AccessReviewExportResponse }
  'projectAccessReview.list': { data: ProjectAccessReviewListData; answer: ProjectAccessReviewListResponse }
  'projectAccessReview.export': { data: ProjectAccessReviewExportData; answer: ProjectAccessReviewExportResponse }
  'peopleReview.list': { data: PeopleReviewListData; answer: PeopleReviewListResponse }
  'peopleReview.counts': { data: PeopleReviewCountsData; answer: PeopleReviewCountsResponse }
  'peopleReview.export': { data: PeopleReviewExportData; answer: PeopleReviewExportResponse }
  'peopleReview.mark': { data: PeopleReviewMarkData; answer: PeopleReviewMarkResponse }
  'nuke.nuke': { data: NukeNukeData; answer: NukeNukeResponse }
  'nuke.preview': { data: NukePreviewData; answer: NukePreviewResponse }
  'nuke.listWipes': { data: NukeListWipesData; answer: NukeListWipesResponse }
  'nuke.restoreWipe': { data: NukeRestoreWipeData; answer: NukeRestoreWipeResponse }
  'nuke.purgeWipe': { data: NukePurgeWipeData; answer: NukePurgeWipeResponse }
  'access.get': { data: AccessGetData; answer: AccessGetResponse }
  'viewAs.start': { data: ViewAsStartData; answer: ViewAsStartResponse }
  'viewAs.stop': { data: ViewAsStopData; answer: ViewAsStopResponse }
  'stats.get': { data: StatsGetData; answer: StatsGetResponse }
  'stats.previewScope': { data: StatsPreviewScopeData; answer: StatsPreviewScopeResponse }
  'tokens.list': { data: TokensListData; answer: TokensListResponse }
  'tokens.create': { data: TokensCreateData; answer: TokensCreateResponse }
  'tokens.update': { data: TokensUpdateData; answer: TokensUpdateResponse }
  'tokens.revoke': { data: TokensRevokeData; answer: TokensRevokeResponse }
  'tokens.rotate': { data: TokensRotateData; answer: TokensRotateResponse }
  'orgTokens.list': { data: OrgTokensListData; answer: OrgTokensListResponse }
  'orgTokens.create': { data: OrgTokensCreateData; answer: OrgTokensCreateResponse }
  'orgTokens.update': { data: OrgTokensUpdateData; answer: OrgTokensUpdateResponse }
  'orgTokens.revoke': { data: OrgTokensRevokeData; answer: OrgTokensRevokeResponse }
  'orgTokens.rotate': { data: OrgTokensRotateData; answer: OrgTokensRotateResponse }
  'personalTokens.list': { data: PersonalTokensListData; answer: PersonalTokensListResponse }
  'personalTokens.create': { data: PersonalTokensCreateData; answer: PersonalTokensCreateResponse }
  'personalTokens.update': { data: PersonalTokensUpdateData; answer: PersonalTokensUpdateResponse }
  'personalTokens.revoke': { data: PersonalTokensRevokeData; answer: PersonalTokensRevokeResponse }
  'environments.list': { data: EnvironmentsListData; answer: EnvironmentsListResponse }
  'environments.create': { data: EnvironmentsCreateData; answer: EnvironmentsCreateResponse }
  'environments.delete': { data: EnvironmentsDeleteData; answer: EnvironmentsDeleteResponse }
  'entityTypes.list': { data: EntityTypesListData; answer: EntityTypesListResponse }
  'entityTypes.create': { data: EntityTypesCreateData; answer: EntityTypesCreateResponse }
  'entityTypes.get': { data: EntityTypesGetData; answer: EntityTypesGetResponse }
  'entityTypes.replace': { data: EntityTypesReplaceData; answer: EntityTypesReplaceResponse }
  'entityTypes.delete': { data: EntityTypesDeleteData; answer: EntityTypesDeleteResponse }
  'cells.list': { data: CellsListData; answer: CellsListResponse }
  'cells.create': { data: CellsCreateData; answer: CellsCreateResponse }
  'cells.get': { data: CellsGetData; answer: CellsGetResponse }
  'cells.replace': { data: CellsReplaceData; answer: CellsReplaceResponse }
  'cells.delete': { data: CellsDeleteData; answer: CellsDeleteResponse }
  'cells.listMembers': { data: CellsListMembersData; answer: CellsListMembersResponse }
  'cells.addMember': { data: CellsAddMemberData; answer: CellsAddMemberResponse }
  'cells.removeMember': { data: CellsRemoveMemberData; answer: CellsRemoveMemberResponse }
  'cellUsage.get': { data: CellUsageGetData; answer: CellUsageGetResponse }
  'placement.rank': { data: PlacementRankData; answer: PlacementRankResponse }
  'entities.list': { data: EntitiesListData; answer: EntitiesListResponse }
  'entities.create': { data: EntitiesCreateData; answer: EntitiesCreateResponse }
  'entities.get': { data: EntitiesGetData; answer: EntitiesGetResponse }
  'entities.update': { data: EntitiesUpdateData; answer: EntitiesUpdateResponse }
  'entities.delete': { data: EntitiesDeleteData; answer: EntitiesDeleteResponse }
  'entities.pushMetrics': { data: EntitiesPushMetricsData; answer: EntitiesPushMetricsResponse }
  'relationshipTypes.list': { data: RelationshipTypesListData; answer: RelationshipTypesListResponse }
  'relationshipTypes.create': { data: RelationshipTypesCreateData; answer: RelationshipTypesCreateResponse }
  'relationshipTypes.get': { data: RelationshipTypesGetData; answer: RelationshipTypesGetResponse }
  'relationshipTypes.replace': { data: RelationshipTypesReplaceData; answer: RelationshipTypesReplaceResponse }
  'relationshipTypes.delete': { data: RelationshipTypesDeleteData; answer: RelationshipTypesDeleteResponse }
  'relationships.list': { data: RelationshipsListData; answer: RelationshipsListResponse }
  'relationships.create': { data: RelationshipsCreateData; answer: RelationshipsCreateResponse }
  'relationships.get': { data: RelationshipsGetData; answer: RelationshipsGetResponse }
  'relationships.update': { data: RelationshipsUpdateData; answer: RelationshipsUpdateResponse }
  'relationships.delete': { data: RelationshipsDeleteData; answer: RelationshipsDeleteResponse }
  'relationships.setState': { data: RelationshipsSetStateData; answer: RelationshipsSetStateResponse }
  'secrets.list': { data: SecretsListData; answer: SecretsListResponse }
  'secrets.create': { data: SecretsCreateData; answer: SecretsCreateResponse }
  'secrets.get': { data: SecretsGetData; answer: SecretsGetResponse }
  'secrets.replace': { data: SecretsReplaceData; answer: SecretsReplaceResponse }
  'secrets.delete': { data: SecretsDeleteData; answer: SecretsDeleteResponse }
  'secrets.setValue': { data: SecretsSetValueData; answer: SecretsSetValueResponse }
  'secrets.deleteValue': { data: SecretsDeleteValueData; answer: SecretsDeleteValueResponse }
  'catalog.apply': { data: CatalogApplyData; answer: CatalogApplyResponse }
  'catalogRevisions.list': { data: CatalogRevisionsListData; answer: CatalogRevisionsListResponse }
  'catalogRevisions.get': { data: CatalogRevisionsGetData; answer: CatalogRevisionsGetResponse }
  'catalogRevisions.compare': { data: CatalogRevisionsCompareData; answer: CatalogRevisionsCompareResponse }
  'catalogRevisions.apply': { data: CatalogRevisionsApplyData; answer: CatalogRevisionsApplyResponse }
  'transfer.export': { data: TransferExportData; answer: TransferExportResponse }
  'transfer.import': { data: TransferImportData; answer: TransferImportResponse }
  'audit.list': { data: AuditListData; answer: AuditListResponse }
  'audit.chain': { data: AuditChainData; answer: AuditChainResponse }
  'audit.activity': { data: AuditActivityData; answer: AuditActivityResponse }
  'audit.export': { data: AuditExportData; answer: AuditExportResponse }
  'organizationAudit.list': { data: OrganizationAuditListData; answer: OrganizationAuditListResponse }
  'organizationAudit.export': { data: OrganizationAuditExportData; answer: OrganizationAuditExportResponse }
  'webhooks.list': { data: WebhooksListData; answer: WebhooksListResponse }
  'webhooks.create': { data: WebhooksCreateData; answer: WebhooksCreateResponse }
  'webhooks.get': { data: WebhooksGetData; answer: WebhooksGetResponse }
  'webhooks.update': { data: WebhooksUpdateData; answer: WebhooksUpdateResponse }
  'webhooks.delete': { data: WebhooksDeleteData; answer: WebhooksDeleteResponse }
  'webhooks.rotateSecret': { data: WebhooksRotateSecretData; answer: WebhooksRotateSecretResponse }
  'webhooks.test': { data: WebhooksTestData; answer: WebhooksTestResponse }
  'webhooks.listDeliveries': { data: WebhooksListDeliveriesData; answer: WebhooksListDeliveriesResponse }
  'webhooks.redeliver': { data: WebhooksRedeliverData; answer: WebhooksRedeliverResponse }
  'repoLinks.list': { data: RepoLinksListData; answer: RepoLinksListResponse }
  'repoLinks.create': { data: RepoLinksCreateData; answer: RepoLinksCreateResponse }
  'repoLinks.delete': { data: RepoLinksDeleteData; answer: RepoLinksDeleteResponse }
  'me.get': { data: MeGetData; answer: MeGetResponse }
  'me.reauthenticate': { data: MeReauthenticateData; answer: MeReauthenticateResponse }
  'me.changePassword': { data: MeChangePasswordData; answer: MeChangePasswordResponse }
  'me.setUp': { data: MeSetUpData; answer: MeSetUpResponse }
  'notices.list': { data: NoticesListData; answer: NoticesListResponse }
  'notices.unread': { data: NoticesUnreadData; answer: NoticesUnreadResponse }
  'notices.markAll': { data: NoticesMarkAllData; answer: NoticesMarkAllResponse }
  'notices.mark': { data: NoticesMarkData; answer: NoticesMarkResponse }
  'sessions.signIn': { data: SessionsSignInData; answer: SessionsSignInResponse }
  'sessions.secondStep': { data: SessionsSecondStepData; answer: SessionsSecondStepResponse }
  'sessions.startSecondStep': { data: SessionsStartSecondStepData; answer: SessionsStartSecondStepResponse }
  'sessions.startPasskey': { data: SessionsStartPasskeyData; answer: SessionsStartPasskeyResponse }
  'sessions.signInWithPasskey': { data: SessionsSignInWithPasskeyData; answer: SessionsSignInWithPasskeyResponse }
  'sessions.list': { data: SessionsListData; answer: SessionsListResponse }
  'sessions.revokeOthers': { data: SessionsRevokeOthersData; answer: SessionsRevokeOthersResponse }
  'sessions.revoke': { data: SessionsRevokeData; answer: SessionsRevokeResponse }
  'identities.methods': { data: IdentitiesMethodsData; answer: IdentitiesMethodsResponse }
  'identities.link': { data: IdentitiesLinkData; answer: IdentitiesLinkResponse }
  'identities.unlink': { data: IdentitiesUnlinkData; answer: IdentitiesUnlinkResponse }
  'passwordResets.request': { data: PasswordResetsRequestData; answer: PasswordResetsRequestResponse }
  'passwordResets.open': { data: PasswordResetsOpenData; answer: PasswordResetsOpenResponse }
  'passwordResets.reset': { data: PasswordResetsResetData; answer: PasswordResetsResetResponse }
  'factors.get': { data: FactorsGetData; answer: FactorsGetResponse }
  'factors.startTotp': { data: FactorsStartTotpData; answer: FactorsStartTotpResponse }
  'factors.removeTotp': { data: FactorsRemoveTotpData; answer: FactorsRemoveTotpResponse }
  'factors.confirmTotp': { data: FactorsConfirmTotpData; answer: FactorsConfirmTotpResponse }
  'factors.renewRecoveryCodes': { data: FactorsRenewRecoveryCodesData; answer: FactorsRenewRecoveryCodesResponse }
  'factors.startPasskey': { data: FactorsStartPasskeyData; answer: FactorsStartPasskeyResponse }
  'factors.addPasskey': { data: FactorsAddPasskeyData; answer: FactorsAddPasskeyResponse }
  'factors.renamePasskey': { data: FactorsRenamePasskeyData; answer: FactorsRenamePasskeyResponse }
  'factors.removePasskey': { data: FactorsRemovePasskeyData; answer: FactorsRemovePasskeyResponse }
  'factors.startReauthentication': { data: FactorsStartReauthenticationData; answer: FactorsStartReauthenticationResponse }
  'server.health': { data: ServerHealthData; answer: ServerHealthResponse }
  'server.ready': { data: ServerReadyData; answer: ServerReadyResponse }
  'server.version': { data: ServerVersionData; answer: ServerVersionResponse }
  'server.openapi': { data: ServerOpenapiData; answer: ServerOpenapiResponse }
  'server.v1Openapi': { data: ServerV1OpenapiData; answer: ServerV1OpenapiResponse }
}

/** Method, path, and: `pages` lists page by page, `once` honors `Idempotency-Key`, `lines` answers line by line. */
export const operations = {
  'organizations.list': ["GET","/orgs","pages"],
  'organizations.get': ["GET","/orgs/{orgId}"],
  'organizations.update': ["PATCH","/orgs/{orgId}"],
  'organizations.tokenLifetimes': ["GET","/orgs/{orgId}/token-lifetimes"],
  'organizations.access': ["GET","/orgs/{orgId}/access"],
  'organizations.listMembers': ["GET","/orgs/{orgId}/members","pages"],
  'organizations.getMember': ["GET","/orgs/{orgId}/members/{userId}"],
  'organizations.setRole': ["PATCH","/orgs/{orgId}/members/{userId}"],
  'organizations.removeMember': ["DELETE","/orgs/{orgId}/members/{userId}"],
  'organizations.removalPreview': ["GET","/orgs/{orgId}/members/{userId}/removal-preview"],
  'organizations.madeByMember': ["GET","/orgs/{orgId}/members/{userId}/made"],
  'organizationFile.export': ["GET","/orgs/{orgId}/file"],
  'organizationFile.plan': ["POST","/orgs/{orgId}/file/plan","once"],
  'organizationFile.apply': ["POST","/orgs/{orgId}/file/apply","once"],
  'usage.get': ["GET","/orgs/{orgId}/usage"],
  'invitations.list': ["GET","/orgs/{orgId}/invitations","pages"],
  'invitations.create': ["POST","/orgs/{orgId}/invitations","once"],
  'invitations.revoke': ["DELETE","/orgs/{orgId}/invitations/{invitationId}"],
  'invitations.resend': ["POST","/orgs/{orgId}/invitations/{invitationId}/resend","once"],
  'invitations.open': ["GET","/invitations/{token}"],
  'invitations.accept': ["POST","/invitations/{token}/accept"],
  'projects.list': ["GET","/orgs/{orgId}/projects","pages"],
  'projects.create': ["POST","/orgs/{orgId}/projects","once"],
  'projects.createSample': ["POST","/orgs/{orgId}/sample-project","once"],
  'projects.get': ["GET","/orgs/{orgId}/projects/{projectId}"],
  'projects.update': ["PUT","/orgs/{orgId}/projects/{projectId}"],
  'projects.delete': ["DELETE","/orgs/{orgId}/projects/{projectId}"],
  'projects.listDeleted': ["GET","/orgs/{orgId}/deleted-projects","pages"],
  'projects.restore': ["POST","/orgs/{orgId}/projects/{projectId}/restore","once"],
  'projects.purge': ["DELETE","/orgs/{orgId}/deleted-projects/{projectId}"],
  'projects.protection': ["GET","/orgs/{orgId}/projects/{projectId}/protection"],
  'projects.protect': ["PUT","/orgs/{orgId}/projects/{projectId}/protection"],
  'projectSummaries.list': ["GET","/orgs/{orgId}/project-summaries","pages"],
  'projectSummaries.count': ["GET","/orgs/{orgId}/project-count"],
  'projectSummaries.keep': ["PUT","/orgs/{orgId}/favorites/{projectId}"],
  'projectSummaries.forget': ["DELETE","/orgs/{orgId}/favorites/{projectId}"],
  'members.list': ["GET","/orgs/{orgId}/projects/{projectId}/members","pages"],
  'members.add': ["POST","/orgs/{orgId}/projects/{projectId}/members","once"],
  'members.get': ["GET","/orgs/{orgId}/projects/{projectId}/members/{userId}"],
  'members.update': ["PATCH","/orgs/{orgId}/projects/{projectId}/members/{userId}"],
  'members.remove': ["DELETE","/orgs/{orgId}/projects/{projectId}/members/{userId}"],
  'members.made': ["GET","/orgs/{orgId}/projects/{projectId}/members/{userId}/made"],
  'members.setCellScopes': ["PUT","/orgs/{orgId}/projects/{projectId}/members/{userId}/cell-scopes"],
  'memberChanges.apply': ["POST","/orgs/{orgId}/member-changes","once"],
  'accessReview.list': ["GET","/orgs/{orgId}/access-review","pages"],
  'accessReview.export': ["GET","/orgs/{orgId}/access-review/export","lines"],
  'projectAccessReview.list': ["GET","/orgs/{orgId}/projects/{projectId}/access-review","pages"],
  'projectAccessReview.export': ["GET","/orgs/{orgId}/projects/{projectId}/access-review/export","lines"],
  'peopleReview.list': ["GET","/orgs/{orgId}/access-review/people","pages"],
  'peopleReview.counts': ["GET","/orgs/{orgId}/access-review/risks"],
  'peopleReview.export': ["GET","/orgs/{orgId}/access-review/people/export","lines"],
  'peopleReview.mark': ["PUT","/orgs/{orgId}/access-review/people/{userId}"],
  'nuke.nuke': ["DELETE","/{o}/{p}/nuke"],
  'nuke.preview': ["GET","/{o}/{p}/nuke/preview"],
  'nuke.listWipes': ["GET","/orgs/{orgId}/projects/{projectId}/wipes","pages"],
  'nuke.restoreWipe': ["POST","/orgs/{orgId}/projects/{projectId}/wipes/{wipeId}/restore","once"],
  'nuke.purgeWipe': ["DELETE","/orgs/{orgId}/projects/{projectId}/wipes/{wipeId}"],
  'access.get': ["GET","/orgs/{orgId}/projects/{projectId}/access"],
  'viewAs.start': ["POST","/orgs/{orgId}/projects/{projectId}/view-as","once"],
  'viewAs.stop': ["DELETE","/me/view-as"],
  'stats.get': ["GET","/{o}/{p}/stats"],
  'stats.previewScope': ["GET","/{o}/{p}/scope-preview"],
  'tokens.list': ["GET","/{o}/{p}/tokens","pages"],
  'tokens.create': ["POST","/{o}/{p}/tokens","once"],
  'tokens.update': ["PATCH","/{o}/{p}/tokens/{tokenId}"],
  'tokens.revoke': ["DELETE","/{o}/{p}/tokens/{tokenId}"],
  'tokens.rotate': ["POST","/{o}/{p}/tokens/{tokenId}/rotate","once"],
  'orgTokens.list': ["GET","/orgs/{orgId}/projects/{projectId}/tokens","pages"],
  'orgTokens.create': ["POST","/orgs/{orgId}/projects/{projectId}/tokens","once"],
  'orgTokens.update': ["PATCH","/orgs/{orgId}/projects/{projectId}/tokens/{tokenId}"],
  'orgTokens.revoke': ["DELETE","/orgs/{orgId}/projects/{projectId}/tokens/{tokenId}"],
  'orgTokens.rotate': ["POST","/orgs/{orgId}/projects/{projectId}/tokens/{tokenId}/rotate","once"],
  'personalTokens.list': ["GET","/orgs/{orgId}/personal-tokens","pages"],
  'personalTokens.create': ["POST","/orgs/{orgId}/personal-tokens","once"],
  'personalTokens.update': ["PATCH","/orgs/{orgId}/personal-tokens/{tokenId}"],
  'personalTokens.revoke': ["DELETE","/orgs/{orgId}/personal-tokens/{tokenId}"],
  'environments.list': ["GET","/{o}/{p}/environments","pages"],
  'environments.create': ["POST","/{o}/{p}/environments","once"],
  'environments.delete': ["DELETE","/{o}/{p}/environments/{envName}"],
  'entityTypes.list': ["GET","/{o}/{p}/entity-types","pages"],
  'entityTypes.create': ["POST","/{o}/{p}/entity-types","once"],
  'entityTypes.get': ["GET","/{o}/{p}/entity-types/{name}"],
  'entityTypes.replace': ["PUT","/{o}/{p}/entity-types/{name}"],
  'entityTypes.delete': ["DELETE","/{o}/{p}/entity-types/{name}"],
  'cells.list': ["GET","/{o}/{p}/cells","pages"],
  'cells.create': ["POST","/{o}/{p}/cells","once"],
  'cells.get': ["GET","/{o}/{p}/cells/{name}"],
  'cells.replace': ["PUT","/{o}/{p}/cells/{name}"],
  'cells.delete': ["DELETE","/{o}/{p}/cells/{name}"],
  'cells.listMembers': ["GET","/{o}/{p}/cells/{name}/members","pages"],
  'cells.addMember': ["PUT","/{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}"],
  'cells.removeMember': ["DELETE","/{o}/{p}/envs/{envName}/cells/{name}/members/{entityId}"],
  'cellUsage.get': ["GET","/{o}/{p}/cell-usage"],
  'placement.rank': ["GET","/{o}/{p}/cells/{name}/placement"],
  'entities.list': ["GET","/{o}/{p}/envs/{envName}/entities","pages"],
  'entities.create': ["POST","/{o}/{p}/envs/{envName}/entities","once"],
  'entities.get': ["GET","/{o}/{p}/envs/{envName}/entities/{name}"],
  'entities.update': ["PUT","/{o}/{p}/envs/{envName}/entities/{name}"],
  'entities.delete': ["DELETE","/{o}/{p}/envs/{envName}/entities/{name}"],
  'entities.pushMetrics': ["PUT","/{o}/{p}/envs/{envName}/entities/{name}/metrics"],
  'relationshipTypes.list': ["GET","/{o}/{p}/relationship-types","pages"],
  'relationshipTypes.create': ["POST","/{o}/{p}/relationship-types","once"],
  'relationshipTypes.get': ["GET","/{o}/{p}/relationship-types/{name}"],
  'relationshipTypes.replace': ["PUT","/{o}/{p}/relationship-types/{name}"],
  'relationshipTypes.delete': ["DELETE","/{o}/{p}/relationship-types/{name}"],
  'relationships.list': ["GET","/{o}/{p}/envs/{envName}/relationships","pages"],
  'relationships.create': ["POST","/{o}/{p}/envs/{envName}/relationships","once"],
  'relationships.get': ["GET","/{o}/{p}/envs/{envName}/relationships/{relationshipId}"],
  'relationships.update': ["PUT","/{o}/{p}/envs/{envName}/relationships/{relationshipId}"],
  'relationships.delete': ["DELETE","/{o}/{p}/envs/{envName}/relationships/{relationshipId}"],
  'relationships.setState': ["PUT","/{o}/{p}/envs/{envName}/relationships/{relationshipId}/state"],
  'secrets.list': ["GET","/{o}/{p}/envs/{envName}/secrets","pages"],
  'secrets.create': ["POST","/{o}/{p}/envs/{envName}/secrets","once"],
  'secrets.get': ["GET","/{o}/{p}/envs/{envName}/secrets/{name}"],
  'secrets.replace': ["PUT","/{o}/{p}/envs/{envName}/secrets/{name}"],
  'secrets.delete': ["DELETE","/{o}/{p}/envs/{envName}/secrets/{name}"],
  'secrets.setValue': ["PUT","/{o}/{p}/envs/{envName}/secrets/{name}/value"],
  'secrets.deleteValue': ["DELETE","/{o}/{p}/envs/{envName}/secrets/{name}/value"],
  'catalog.apply': ["POST","/{o}/{p}/envs/{envName}/apply","once"],
  'catalogRevisions.list': ["GET","/{o}/{p}/catalog-revisions","pages"],
  'catalogRevisions.get': ["GET","/{o}/{p}/catalog-revisions/{revisionId}"],
  'catalogRevisions.compare': ["GET","/{o}/{p}/catalog-revisions/{revisionId}/diff"],
  'catalogRevisions.apply': ["POST","/{o}/{p}/catalog-revisions/{revisionId}/apply","once"],
  'transfer.export': ["GET","/{o}/{p}/export","lines"],
  'transfer.import': ["POST","/{o}/{p}/import"],
  'audit.list': ["GET","/{o}/{p}/audit-events","pages"],
  'audit.chain': ["GET","/{o}/{p}/audit-events/chain"],
  'audit.activity': ["GET","/{o}/{p}/audit-events/activity"],
  'audit.export': ["GET","/{o}/{p}/audit-events/export","lines"],
  'organizationAudit.list': ["GET","/orgs/{orgId}/audit-events","pages"],
  'organizationAudit.export': ["GET","/orgs/{orgId}/audit-events/export","lines"],
  'webhooks.list': ["GET","/orgs/{orgId}/webhooks","pages"],
  'webhooks.create': ["POST","/orgs/{orgId}/webhooks","once"],
  'webhooks.get': ["GET","/orgs/{orgId}/webhooks/{webhookId}"],
  'webhooks.update': ["PATCH","/orgs/{orgId}/webhooks/{webhookId}"],
  'webhooks.delete': ["DELETE","/orgs/{orgId}/webhooks/{webhookId}"],
  'webhooks.rotateSecret': ["POST","/orgs/{orgId}/webhooks/{webhookId}/rotate-secret","once"],
  'webhooks.test': ["POST","/orgs/{orgId}/webhooks/{webhookId}/test","once"],
  'webhooks.listDeliveries': ["GET","/orgs/{orgId}/webhooks/{webhookId}/deliveries","pages"],
  'webhooks.redeliver': ["POST","/orgs/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver","once"],
  'repoLinks.list': ["GET","/{o}/{p}/repo-links","pages"],
  'repoLinks.create': ["POST","/{o}/{p}/repo-links","once"],
  'repoLinks.delete': ["DELETE","/{o}/{p}/repo-links/{linkId}"],
  'me.get': ["GET","/me"],
  'me.reauthenticate': ["POST","/me/reauthentication"],
  'me.changePassword': ["PUT","/me/password"],
  'me.setUp': ["POST","/setup/owner"],
  'notices.list': ["GET","/me/notices","pages"],
  'notices.unread': ["GET","/me/notices/unread"],
  'notices.markAll': ["POST","/me/notices/read","once"],
  'notices.mark': ["PATCH","/me/notices/{noticeId}"],
  'sessions.signIn': ["POST","/session"],
  'sessions.secondStep': ["POST","/session/second-factor"],
  'sessions.startSecondStep': ["POST","/session/second-factor/options"],
  'sessions.startPasskey': ["POST","/session/passkey/options"],
  'sessions.signInWithPasskey': ["POST","/session/passkey"],
  'sessions.list': ["GET","/me/sessions","pages"],
  'sessions.revokeOthers': ["DELETE","/me/sessions"],
  'sessions.revoke': ["DELETE","/me/sessions/{sessionId}"],
  'identities.methods': ["GET","/me/sign-in-methods"],
  'identities.link': ["POST","/me/identities"],
  'identities.unlink': ["DELETE","/me/identities/{identityId}"],
  'passwordResets.request': ["POST","/password-resets"],
  'passwordResets.open': ["GET","/password-resets/{token}"],
  'passwordResets.reset': ["POST","/password-resets/{token}"],
  'factors.get': ["GET","/me/factors"],
  'factors.startTotp': ["POST","/me/totp"],
  'factors.removeTotp': ["DELETE","/me/totp"],
  'factors.confirmTotp': ["POST","/me/totp/confirmation"],
  'factors.renewRecoveryCodes': ["POST","/me/recovery-codes"],
  'factors.startPasskey': ["POST","/me/passkeys/options"],
  'factors.addPasskey': ["POST","/me/passkeys"],
  'factors.renamePasskey': ["PATCH","/me/passkeys/{passkeyId}"],
  'factors.removePasskey': ["DELETE","/me/passkeys/{passkeyId}"],
  'factors.startReauthentication': ["POST","/me/reauthentication/options"],
  'server.health': ["GET","/healthz"],
  'server.ready': ["GET","/readyz"],
  'server.version': ["GET","/version"],
  'server.openapi': ["GET","/openapi.json"],
  'server.v1Openapi': ["GET","/v1/openapi.json"],
} as const satisfies Record<keyof Operations, readonly string[]>
