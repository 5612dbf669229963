using System.Net;
using System.Text.RegularExpressions;
using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.Tests.HomePage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Tests what the consent page tells the user and posts.</summary>
public sealed class ConsentPageTests
{
    private const string Unverified = "This client is not verified: it named itself.";
    private const string AnyApp = "Any app on this device can claim to be this client.";

    [Fact]
    public void Form_posts_every_field_with_one_of_three_decisions()
    {
        var html = ConsentPage.Render(
            ExampleViews.Consent with { Fields = [new("state", "a+b=c&\"d\" <e>"), new("ticket", new('x', 9000))] });

        Assert.Equal(["/oauth/authorize"], HtmlText.Attributes(html, "action"));
        Assert.Equal(["post"], HtmlText.Attributes(html, "method"));
        Assert.Equal(["state", "ticket", "decision", "decision", "decision"], HtmlText.Attributes(html, "name").Skip(3));
        Assert.Equal(["a+b=c&\"d\" <e>", new('x', 9000), "cancel", "approve", "switch"], HtmlText.Attributes(html, "value"));
    }

    /// <remarks>HTML, section 4.10.21.2: a form that is submitted without a button uses its first button.</remarks>
    [Fact]
    public void Stray_Enter_cancels_because_Cancel_is_the_first_button()
    {
        var html = ConsentPage.Render(ExampleViews.Consent);

        Assert.Equal("Cancel", Regex.Match(html, "<button[^>]*>([^<]*)<").Groups[1].Value);
        Assert.DoesNotContain("autofocus", html);
        Assert.DoesNotMatch("<input (?!type=\"hidden\")", html);
    }

    [Fact]
    public void Page_names_the_client_the_server_the_user_and_the_permissions()
    {
        var text = TextOf(
            ExampleViews.Consent with { Permissions = [new("Mcp.Access", "Call the tools"), new("Files.Write", "Change files")] });

        Assert.Contains("Cursor wants to use team-tools", text);
        Assert.Contains("The client will act as Ada Lovelace (ada@contoso.com).", text);
        Assert.Contains("Call the tools Mcp.Access Change files Files.Write", text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void User_without_a_display_name_is_shown_with_the_user_name(string? displayName) => Assert.Contains(
        "The client will act as ada@contoso.com.", TextOf(ExampleViews.Consent with { UserDisplayName = displayName }));

    [Fact]
    public void Registered_client_has_a_warning()
    {
        var text = TextOf(ExampleViews.Consent);

        Assert.Contains(Unverified, text);
        Assert.DoesNotContain("Published by", text);
    }

    [Theory]
    [InlineData("https://vscode.dev/redirect", false)]
    [InlineData("http://127.0.0.1:33418/", true)]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", true)]
    public void Client_with_metadata_document_has_its_host_and_a_caution_about_local_apps(string redirectUri, bool isCautioned)
    {
        var text = TextOf(ExampleViews.Consent with { VerifiedHost = "vscode.dev", RedirectUri = redirectUri });

        Assert.Contains("Published by vscode.dev (verified)", text);
        Assert.DoesNotContain(Unverified, text);
        Assert.Equal(isCautioned, text.Contains(AnyApp, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://claude.ai/api/mcp/auth_callback", "claude.ai https://claude.ai/api/mcp/auth_callback")]
    [InlineData("http://localhost:33418/cb", "an app on this device (localhost:33418) http://localhost:33418/cb")]
    [InlineData("cursor://anysphere.cursor-mcp/cb", "the app on this device that opens cursor: links cursor://anysphere.cursor-mcp/cb")]
    [InlineData("javascript:alert(1)", "an address that this server does not recognize javascript:alert(1)")]
    public void Page_shows_where_the_redirect_leads(string redirectUri, string shown) =>
        Assert.Contains($"Sends you back to {shown}", TextOf(ExampleViews.Consent with { RedirectUri = redirectUri }));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,<script>alert(1)</script>")]
    [InlineData("https://evil.example/")]
    public void Redirect_URI_is_text_and_never_a_link(string redirectUri)
    {
        var html = ConsentPage.Render(ExampleViews.Consent with { RedirectUri = redirectUri });

        Assert.Equal(["../favicon.ico", "connections"], HtmlText.Attributes(html, "href"));
        Assert.Contains(redirectUri, WebUtility.HtmlDecode(html));
    }

    [Fact]
    public void Page_says_how_many_permissions_it_does_not_show()
    {
        var permissions = Enumerable.Repeat(new ConsentPermission("Scope", "Do something"), 1100).ToArray();

        Assert.Contains(
            "1,000 more permissions, which this page does not show", TextOf(ExampleViews.Consent with { Permissions = permissions }));
    }

    private static string TextOf(ConsentView view) => PageText.Of(ConsentPage.Render(view));
}
