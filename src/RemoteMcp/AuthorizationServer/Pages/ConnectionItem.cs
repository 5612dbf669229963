using System.Globalization;
using RemoteMcp.Web;

namespace RemoteMcp.AuthorizationServer.Pages;

/// <summary>Renders a grant in the list of connections.</summary>
internal static class ConnectionItem
{
    private const int MaxPermissions = 50;

    public static Markup Render(ConnectionRow row, Markup revokeForm) => Markup.Of($"""
        <li>
        <div class="row"><h3>{AuthorizationPage.Name(row.ClientName)}</h3>
        {revokeForm}
        </div>
        <dl class="facts">
        <dt>Published by</dt>
        <dd>{Publisher(row.VerifiedHost)}</dd>
        <dt>Sent you back to</dt>
        <dd>{AuthorizationPage.Name(row.RedirectHost)}</dd>
        <dt>Can</dt>
        <dd><ul>
        {row.Permissions.Take(MaxPermissions).Select(static permission => Markup.Of($"<li>{AuthorizationPage.Name(permission)}</li>"))}
        {Remainder(row.Permissions.Count - MaxPermissions)}
        </ul></dd>
        <dt>Allowed</dt>
        <dd>{Time(row.GrantedAt)}</dd>
        <dt>Last used</dt>
        <dd>{Time(row.LastUsedAt)}</dd>
        </dl>
        </li>
        """);

    // Screen readers list buttons without their context, so each name contains the client.
    public static Markup RevokeButton(ConnectionRow row) => Markup.Of($"""
        <button name="action" value="revoke" class="danger">Revoke
        <span class="visually-hidden">{AuthorizationPage.Name(row.ClientName)}</span></button>
        """);

    private static Markup Publisher(string? verifiedHost) => verifiedHost is null
        ? Markup.Of($"""<span class="bad">not verified: the client named itself</span>""")
        : Markup.Of($"{AuthorizationPage.Name(verifiedHost)} (verified)");

    private static Markup Remainder(int count) => count <= 0
        ? default
        : Markup.Of($"<li>{count.ToString("N0", CultureInfo.InvariantCulture)} more permissions</li>");

    private static Markup Time(DateTimeOffset time) => Markup.Of($"""
        <time datetime="{Format(time, "yyyy-MM-dd'T'HH:mm:ss'Z'")}">{Format(time, "d MMMM yyyy, HH:mm 'UTC'")}</time>
        """);

    private static string Format(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
