using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Notifications;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>Tests the permission checks for notifications to a caller, and for messages that do not pass through the pipeline.</summary>
public sealed class PermissionNotificationTests : GuardedServer
{
    private const string Secret = "notes://secret";
    private const string Public = "notes://public";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_notifies_only_of_resources_that_its_token_may_read(bool mayRead)
    {
        var strong = WithScopes("Files.Read");
        var session = await BeginSessionAsync(strong);
        foreach (var uri in new[] { Secret, Public })
        {
            await AnswerAsync(Messages.Post(Request("resources/subscribe", $"\"uri\":\"{uri}\""), session), strong);
        }

        using var stream = await SendAsync(Messages.Get(session), mayRead ? strong : WithScopes());
        using var events = await SseReader.OpenAsync(stream);
        await events.ReadBlockAsync();
        await NotifyAsync();

        Assert.Equal(mayRead ? Secret : Public, (string?)(await events.ReadMessageAsync())["params"]!["uri"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listener_subscribes_only_to_resources_that_its_token_may_read(bool mayRead)
    {
        using var stream = await SendAsync(
            Stateless("subscriptions/listen", $$"""  "notifications":{"resourceSubscriptions":["{{Secret}}","{{Public}}"]} """),
            mayRead ? WithScopes("Files.Read") : WithScopes());
        using var events = await SseReader.OpenAsync(stream);
        var granted = (await events.ReadMessageAsync())["params"]!["notifications"]!["resourceSubscriptions"]!.AsArray()
            .Select(static uri => (string?)uri);
        Assert.Equal(mayRead ? [Secret, Public] : [Public], granted);
        await NotifyAsync();

        Assert.Equal(mayRead ? Secret : Public, (string?)(await events.ReadMessageAsync())["params"]!["uri"]);
    }

    [Theory]
    [InlineData("tools/call", """ "name":"write_notes" """)]
    [InlineData("prompts/get", """ "name":"postmortem","arguments":{"about":"a ring"} """)]
    [InlineData("resources/read", """ "uri":"notes://secret" """)]
    public async Task Filters_refuse_a_message_that_bypasses_the_pipeline(string method, string parameters)
    {
        var session = await BeginSessionAsync(WithScopes());
        var delivery = Server.Services.GetRequiredService<SessionDelivery>();
        var inner = session[..session.LastIndexOf('.')];

        await delivery.PostAsync(inner, Request(method, parameters), "2025-11-25", Principal(WithScopes()), Cancelled);
        Assert.Empty(GuardedCode.Calls);

        await delivery.PostAsync(
            inner, Request(method, parameters), "2025-11-25", Principal(WithScopes("Files.Read", "Files.Write")), Cancelled);
        await Eventually.IsTrueAsync(() => GuardedCode.Calls.Count == 1);
    }

    private static System.Security.Claims.ClaimsPrincipal Principal(string token) =>
        new(new System.Security.Claims.ClaimsIdentity(new JsonWebToken(token).Claims, "test"));

    private async Task NotifyAsync()
    {
        var notifier = Server.Services.GetRequiredService<ClientNotifier>();
        await notifier.ResourceUpdatedAsync(Secret, Cancelled);
        await notifier.ResourceUpdatedAsync(Public, Cancelled);
    }
}
