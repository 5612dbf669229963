namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Contains what the page with the connections shows.</summary>
/// <param name="ServerName">The name of this server.</param>
/// <param name="UserName">The user principal name of the user who is signed in.</param>
/// <param name="Connections">The grants, in the order of the page.</param>
/// <param name="FormAction">The URL of the page, to which its forms lead.</param>
/// <param name="CsrfToken">The token that every post contains.</param>
/// <param name="IsOperator">Whether the user may see and revoke the grants of other users.</param>
/// <param name="SearchedUser">
/// The object id of the user whose grants are shown, or <see langword="null"/> for the user who is signed in.
/// </param>
/// <param name="Message">The result of the previous action.</param>
internal sealed record ConnectionsView(
    string ServerName,
    string UserName,
    IReadOnlyList<ConnectionRow> Connections,
    string FormAction,
    string CsrfToken,
    bool IsOperator,
    string? SearchedUser,
    string? Message);

/// <summary>Describes a grant.</summary>
/// <param name="Id">The id of the grant.</param>
/// <param name="ClientName">The name that the client gave itself.</param>
/// <param name="VerifiedHost">
/// The host of the client's metadata document, or <see langword="null"/> if the client registered itself.
/// </param>
/// <param name="RedirectHost">Where the sign-in sent the user back to.</param>
/// <param name="Permissions">What the client can do.</param>
/// <param name="GrantedAt">When the user allowed the access.</param>
/// <param name="LastUsedAt">When the client last used the access.</param>
internal sealed record ConnectionRow(
    string Id,
    string ClientName,
    string? VerifiedHost,
    string RedirectHost,
    IReadOnlyList<string> Permissions,
    DateTimeOffset GrantedAt,
    DateTimeOffset LastUsedAt);
