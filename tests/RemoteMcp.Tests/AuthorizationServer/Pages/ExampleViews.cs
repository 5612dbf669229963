using RemoteMcp.AuthorizationServer.Pages;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Creates views with typical values, or with one text in every field.</summary>
internal static class ExampleViews
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 5, 9, 7, 3, TimeSpan.FromHours(2));

    public static ConsentView Consent { get; } = new(
        "team-tools",
        "ada@contoso.com",
        "Ada Lovelace",
        "Cursor",
        null,
        "http://localhost:8787/callback",
        [new("Mcp.Access", "Call the tools of this server")],
        "/oauth/authorize",
        [new("client_id", "registration.abc"), new("ticket", "sealed")]);

    public static ConnectionsView Connections { get; } = new(
        "team-tools", "ada@contoso.com", [Row("1"), Row("2")], "/oauth/connections", "token", IsOperator: false, null, null);

    public static ConnectionRow Row(string id) =>
        new(id, "Cursor", null, "localhost", ["Call the tools of this server"], s_time, s_time.AddDays(1));

    /// <summary>Returns each page with the text in every field, including the fields of the code that calls the page.</summary>
    public static IReadOnlyList<string> PagesWith(string text)
    {
        ConnectionRow[] rows = [new(text, text, text, text, [text, text], s_time, s_time)];
        return
        [
            ConsentPage.Render(new(text, text, text, text, text, text, [new(text, text)], text, [new(text, text)])),
            ConsentPage.Render(Consent with { ClientName = text, VerifiedHost = null, RedirectUri = $"http://localhost/{text}" }),
            ErrorPage.Render(new(text, text, text, text, text, new(text, $"https://contoso.com/{text}"))),
            ConnectionsPage.Render(new(text, text, rows, text, text, IsOperator: true, text, text)),
            DonePage.Connected(text),
            DonePage.SignedOut(text),
        ];
    }
}
