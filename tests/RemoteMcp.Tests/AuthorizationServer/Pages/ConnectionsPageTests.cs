using RemoteMcp.AuthorizationServer.Pages;
using RemoteMcp.Tests.HomePage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Tests the page on which users see and revoke what they granted.</summary>
public sealed class ConnectionsPageTests
{
    private const string OtherUser = "5f0c3a3e-0000-4000-8000-000000000001";

    [Fact]
    public void Each_grant_has_its_client_permissions_and_times_in_UTC()
    {
        var html = Render(ExampleViews.Connections with { Connections = [ExampleViews.Row("1") with { VerifiedHost = "cursor.com" }] });

        Assert.Contains(
            "Published by cursor.com (verified) Sent you back to localhost Can Call the tools of this server "
                + "Allowed 5 November 2026, 07:07 UTC Last used 6 November 2026, 07:07 UTC",
            PageText.Of(html));
        Assert.Equal(["2026-11-05T07:07:03Z", "2026-11-06T07:07:03Z"], HtmlText.Attributes(html, "datetime"));
    }

    [Fact]
    public void Client_without_a_metadata_document_is_marked() =>
        Assert.Contains("not verified: the client named itself", PageText.Of(Render(ExampleViews.Connections)));

    [Fact]
    public void Every_form_posts_the_token_and_one_action()
    {
        var forms = HtmlText.Forms(Render(ExampleViews.Connections));

        Assert.Equal(
            [
                "csrf=token action=sign-out", "csrf=token id=1 action=revoke", "csrf=token id=2 action=revoke",
                "csrf=token action=revoke-all",
            ],
            forms);
    }

    [Fact]
    public void Revoke_all_needs_a_second_step()
    {
        var html = Render(ExampleViews.Connections);

        var details = html[html.IndexOf("<details>", StringComparison.Ordinal)..html.IndexOf("</details>", StringComparison.Ordinal)];
        Assert.StartsWith("<details>\n<summary>Revoke all</summary>", details.ReplaceLineEndings("\n"));
        Assert.Contains("revoke-all", details);
        Assert.Single(HtmlText.Forms(details));
    }

    [Fact]
    public void User_without_grants_learns_how_to_connect_a_client()
    {
        var html = Render(ExampleViews.Connections with { Connections = [] });

        Assert.Contains("No client is connected. To connect one, add the URL of this server to your MCP client.", PageText.Of(html));
        Assert.Contains("../", HtmlText.Attributes(html, "href"));
        Assert.Equal(["csrf=token action=sign-out"], HtmlText.Forms(html));
    }

    [Fact]
    public void Message_is_announced() => Assert.Contains(
        "<p class=\"notice\" role=\"status\"><bdi>Cursor lost its access.</bdi></p>",
        Render(ExampleViews.Connections with { Message = "Cursor lost its access." }));

    [Fact]
    public void Operator_can_search_a_user()
    {
        var html = Render(ExampleViews.Connections with { IsOperator = true });

        Assert.Equal("user=", HtmlText.Forms(html)[^1]);
        Assert.Equal("get", HtmlText.Attributes(html, "method")[^1]);
        Assert.StartsWith("Your connections ", PageText.Of(html));
    }

    [Fact]
    public void Operator_sees_whose_grants_are_shown_and_every_action_names_that_user()
    {
        var html = Render(ExampleViews.Connections with { IsOperator = true, SearchedUser = OtherUser });

        Assert.StartsWith("Connections of another user ", PageText.Of(html));
        Assert.Contains($"These connections are not yours. They belong to the user with the object id {OtherUser}.", PageText.Of(html));
        Assert.Contains("All clients of this user lose their access", PageText.Of(html));
        Assert.All(HtmlText.Forms(html), static form => Assert.Contains($"user={OtherUser}", form));
        Assert.Contains("/oauth/connections", HtmlText.Attributes(html, "href"));
    }

    [Fact]
    public void Operator_learns_that_a_user_has_no_grants() => Assert.Contains(
        "No client is connected for this user.",
        PageText.Of(Render(ExampleViews.Connections with { IsOperator = true, SearchedUser = OtherUser, Connections = [] })));

    [Fact]
    public void Other_users_cannot_search()
    {
        var html = Render(ExampleViews.Connections with { SearchedUser = OtherUser });

        Assert.DoesNotContain(OtherUser, html);
        Assert.DoesNotContain("\"get\"", html);
    }

    [Fact]
    public void Page_with_many_grants_shows_100_and_the_number_of_the_others()
    {
        var rows = Enumerable.Range(0, 5000).Select(static number => ExampleViews.Row($"{number}")).ToArray();

        var html = Render(ExampleViews.Connections with { Connections = rows });

        Assert.Equal(102, HtmlText.Forms(html).Count);
        Assert.Contains("And 4,900 more.", PageText.Of(html));
        Assert.InRange(html.Length, 1, 100 * 1024);
    }

    private static string Render(ConnectionsView view) => ConnectionsPage.Render(view);
}
