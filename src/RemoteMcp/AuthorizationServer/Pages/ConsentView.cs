namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Contains what the consent page shows.</summary>
/// <param name="ServerName">The name of this server.</param>
/// <param name="UserName">The user principal name of the user.</param>
/// <param name="UserDisplayName">The name of the person, if it is known.</param>
/// <param name="ClientName">The name that the client gave itself.</param>
/// <param name="VerifiedHost">
/// The host of the client's metadata document, or <see langword="null"/> if the client registered itself.
/// </param>
/// <param name="RedirectUri">The redirect URI of the request.</param>
/// <param name="Permissions">What the client will be able to do.</param>
/// <param name="FormAction">The URL to which the page posts the decision.</param>
/// <param name="Fields">The hidden fields of the form.</param>
internal sealed record ConsentView(
    string ServerName,
    string UserName,
    string? UserDisplayName,
    string ClientName,
    string? VerifiedHost,
    string RedirectUri,
    IReadOnlyList<ConsentPermission> Permissions,
    string FormAction,
    IReadOnlyList<KeyValuePair<string, string>> Fields);

/// <summary>Describes a permission that the client requests.</summary>
/// <param name="Name">The scope.</param>
/// <param name="Description">What the scope permits, in the words of a user.</param>
internal sealed record ConsentPermission(string Name, string Description);
