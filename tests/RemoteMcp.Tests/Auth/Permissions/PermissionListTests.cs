using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>Tests that lists contain only the items that the caller may use.</summary>
public sealed class PermissionListTests : GuardedServer
{
    private static readonly string[] s_guarded = ["administer", "burn_notes", "open_drawer", "publish_notes", "write_notes"];

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        // A team's filter that wrongly marks lists and results as publicly cacheable.
        server.WithRequestFilters(static filters => filters
            .AddListToolsFilter(static next => async (request, cancellationToken) =>
            {
                var result = await next(request, cancellationToken);
                result.CacheScope = CacheScope.Public;
                return result;
            })
            .AddReadResourceFilter(static next => async (request, cancellationToken) =>
            {
                var result = await next(request, cancellationToken);
                result.CacheScope = CacheScope.Public;
                return result;
            }));
        server.WithListResourcesHandler(static (request, _) => ValueTask.FromResult(new ListResourcesResult
        {
            Resources = request.Params?.Cursor is null
                ? [new() { Uri = "notes://archive/1", Name = "1" }, new() { Uri = "notes://open/1", Name = "2" }]
                : [new() { Uri = "notes://archive/2", Name = "3" }],
            NextCursor = request.Params?.Cursor is null ? "next" : null,
        }));
    }

    [Theory]
    [InlineData("Mcp.Use", null, "")]
    [InlineData("Mcp.Use Files.Write", null, "burn_notes write_notes")]
    [InlineData("Mcp.Use Files.Read Files.Write", null, "burn_notes publish_notes write_notes")]
    [InlineData("Mcp.Use", "Mcp.Admin", "administer open_drawer")]
    public async Task User_sees_only_tools_that_scopes_and_roles_allow_in_both_eras(string scopes, string? role, string shown)
    {
        var token = Token(("scp", scopes), ("roles", role is null ? null : new[] { role }));

        Assert.Equal(shown, Shown(await AnswerAsync(Stateless("tools/list", ""), token)));
        Assert.Equal(shown, Shown(await AnswerAsync(Messages.Post(Messages.ListTools, await BeginSessionAsync(token)), token)));
    }

    [Theory]
    [InlineData("Mcp.Invoke", "")]
    [InlineData("Mcp.Invoke Files.Write.All", "write_notes")]
    [InlineData("Mcp.Invoke Mcp.Admin", "administer open_drawer")]
    public async Task App_sees_only_tools_that_its_roles_allow(string roles, string shown) =>
        Assert.Equal(shown, Shown(await AnswerAsync(Stateless("tools/list", ""), AppToken(roles.Split(' ')))));

    [Fact]
    public async Task Lists_show_only_permitted_prompts_resources_and_templates()
    {
        var (weak, strong) = (WithScopes(), WithScopes("Files.Read"));

        Assert.Equal("greeting", await NamesAsync("prompts", "prompts/list", weak));
        Assert.Equal("greeting postmortem", await NamesAsync("prompts", "prompts/list", strong));
        Assert.Equal("public", await NamesAsync("resources", "resources/list", weak));
        Assert.Equal("1 2 public secret", await NamesAsync("resources", "resources/list", strong));
        Assert.Equal("open", await NamesAsync("resourceTemplates", "resources/templates/list", weak));
        Assert.Equal("any archive open", await NamesAsync("resourceTemplates", "resources/templates/list", strong));
    }

    [Fact]
    public async Task Page_without_permitted_items_keeps_its_cursor()
    {
        var first = (await AnswerAsync(Stateless("resources/list", ""), WithScopes()))["result"]!;
        Assert.Equal("next", (string?)first["nextCursor"]);

        var second = (await AnswerAsync(Stateless("resources/list", "\"cursor\":\"next\""), WithScopes()))["result"]!;
        Assert.Empty(second["resources"]!.AsArray());
    }

    [Fact]
    public async Task Results_that_depend_on_the_caller_are_cached_privately()
    {
        var list = await AnswerAsync(Stateless("tools/list", ""), WithScopes());
        var restricted = await AnswerAsync(Stateless("resources/read", "\"uri\":\"notes://secret\""), WithScopes("Files.Read"));
        var open = await AnswerAsync(Stateless("resources/read", "\"uri\":\"notes://public\""), WithScopes());

        Assert.Equal("private", (string?)list["result"]!["cacheScope"]);
        Assert.Equal("private", (string?)restricted["result"]!["cacheScope"]);
        Assert.Equal("public", (string?)open["result"]!["cacheScope"]);
    }

    // Some clients ask for every scope that the metadata lists. A scope that needs an administrator's consent would block the sign-in.
    [Fact]
    public async Task Metadata_and_home_page_name_only_the_required_scope()
    {
        var metadata = JsonNode.Parse(await Server.Client.GetStringAsync("/.well-known/oauth-protected-resource", Cancelled))!;
        var page = await Server.Client.GetStringAsync("/", Cancelled);

        Assert.Equal($"{SampleDirectory.ServerUri}/Mcp.Use", (string?)Assert.Single(metadata["scopes_supported"]!.AsArray()));
        Assert.Contains($"<code>{SampleDirectory.ServerUri}/Mcp.Use</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Files.Write", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_sign_in_everything_is_listed_and_allowed()
    {
        await using var local = await TestServerHost.StartAsync(configure: AddTools);
        var listed = await AnswerAsync(Stateless("tools/list", ""));
        var called = await AnswerAsync(Messages.PostStateless(Messages.StatelessCall("publish_notes")));
        var read = await AnswerAsync(Stateless("resources/read", "\"uri\":\"notes://secret\""));

        Assert.Equal(string.Join(' ', s_guarded), Shown(listed));
        Assert.Contains(GuardedCode.Secret, called.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(GuardedCode.Secret, read.ToJsonString(), StringComparison.Ordinal);

        async Task<JsonNode> AnswerAsync(HttpRequestMessage request)
        {
            using var response = await local.Client.SendStreamedAsync(request);
            response.EnsureSuccessStatusCode();
            return await response.ReadMessageAsync();
        }
    }

    private static string Shown(JsonNode answer)
    {
        var names = answer["result"]!["tools"]!.AsArray()
            .Select(static tool => (string)tool!["name"]!)
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Contains("read_notes", names);
        return string.Join(' ', names.Intersect(s_guarded));
    }

    private async Task<string> NamesAsync(string list, string method, string token) =>
        string.Join(
            ' ',
            (await AnswerAsync(Stateless(method, ""), token))["result"]![list]!.AsArray()
                .Select(static each => (string)each!["name"]!)
                .Order(StringComparer.Ordinal));
}
