using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using RemoteMcp.Auth.Authorization;
using RemoteMcp.Configuration;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>Tests that operators can require additional permissions for a tool, and that an invalid setting stops the start.</summary>
public sealed class PermissionSettingsTests : GuardedServer
{
    private const string Tools = "RemoteMcp:Auth:Tools:";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        [Tools + "READ_notes:Scopes:0"] = "Files.Read",
        [Tools + "write_notes:Roles:0"] = "Mcp.Admin",
        [Tools + "write_notes:Scopes:0"] = "Files.Write",
        [Tools + "echo:Scopes:0"] = "Notes.Echo",
    };

    [Fact]
    public async Task Configured_permissions_apply_in_addition_to_declared_ones()
    {
        using var read = await SendAsync(Messages.PostStateless(Messages.StatelessCall("read_notes")), WithScopes("Files.Write"));
        using var write = await SendAsync(Messages.PostStateless(Messages.StatelessCall("write_notes")), WithScopes("Files.Write"));
        using var admin = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("write_notes")), Token(("roles", new[] { "Mcp.Admin" })));
        using var echo = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("echo", """{"text":"x"}""")), WithScopes("Files.Write"));
        using var both = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("write_notes")),
            Token(("scp", "Mcp.Use Files.Write"), ("roles", new[] { "Mcp.Admin" })));

        Assert.Equal(["Mcp.Use", "Files.Read"], (await ChallengeAsync(read)).Scopes);
        Assert.Contains("Mcp.Admin", (await ChallengeAsync(write)).Description, StringComparison.Ordinal);
        Assert.Equal(["Mcp.Use", "Files.Write"], (await ChallengeAsync(admin)).Scopes);
        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
        Assert.Contains("Notes.Echo", (await ChallengeAsync(echo)).Scopes);
        // Clients ask for every scope that the metadata lists, and some of these need an administrator.
        Assert.DoesNotContain(
            "Notes.Echo", await Server.Client.GetStringAsync("/.well-known/oauth-protected-resource", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuring_a_declared_scope_again_keeps_its_app_role()
    {
        using var refused = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("write_notes")), AppToken("Mcp.Invoke", "Files.Write.All"));
        using var allowed = await SendAsync(
            Messages.PostStateless(Messages.StatelessCall("write_notes")), AppToken("Mcp.Invoke", "Files.Write.All", "Mcp.Admin"));

        Assert.Contains("Mcp.Admin", (await ChallengeAsync(refused)).Description, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Theory]
    [InlineData(
        "writes_notes:Scopes:0", "Files.Write", "RemoteMcp:Auth:Tools:writes_notes does not name a tool of this server", "write_notes")]
    [InlineData(
        "write_notes:Scopes:0",
        "api://x/Files.Write",
        "RemoteMcp:Auth:Tools:write_notes:Scopes contains 'api://x/Files.Write'",
        "without the identifier URI")]
    [InlineData("write_notes:Roles:0", "Mcp Admin", "RemoteMcp:Auth:Tools:write_notes:Roles contains 'Mcp Admin'", "1 to 120 letters")]
    [InlineData("write_notes:Roles:0", "", "RemoteMcp:Auth:Tools:write_notes:Roles contains ''", "1 to 120 letters")]
    [InlineData("write_notes:Scope:0", "Files.Write", "write_notes:Scope:0", "Did you mean RemoteMcp:Auth:Tools:write_notes:Scopes?")]
    [InlineData("write_notes:Scopes", "Files.Write", "write_notes:Scopes is 'Files.Write'", "Set each entry separately")]
    [InlineData("write_notes", "Files.Write", "write_notes is 'Files.Write'", "it is a section")]
    public async Task Invalid_permission_setting_stops_the_start(string setting, string value, string problem, string remedy)
    {
        var report = await FailToStartAsync(new() { [Tools + setting] = value, ["RemoteMcp:Auth:Mode"] = "Entra" }, AddTools);

        Assert.Contains(problem, report, StringComparison.Ordinal);
        Assert.Contains(remedy, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permissions_without_sign_in_stop_the_start() =>
        Assert.Contains("RemoteMcp:Auth:Mode is 'None', but RemoteMcp:Auth:Tools is set", await FailToStartAsync(
            new() { [Tools + "write_notes:Scopes:0"] = "Files.Write" }, AddTools), StringComparison.Ordinal);

    [Fact]
    public async Task Invalid_name_in_an_attribute_stops_the_start()
    {
        var report = await FailToStartAsync([], static server => server.WithTools(
        [
            McpServerTool.Create([RequiresScope("Files Write", AppRole = "")] () => "", new() { Name = "bad_scope" }),
            McpServerTool.Create([RequiresRole("")] () => "", new() { Name = "bad_role" }),
        ]));

        Assert.Contains("[RequiresScope] of 'bad_scope' is 'Files Write'", report, StringComparison.Ordinal);
        Assert.Contains("[RequiresScope(AppRole)] of 'bad_scope' is ''", report, StringComparison.Ordinal);
        Assert.Contains("[RequiresRole] of 'bad_role' is ''", report, StringComparison.Ordinal);
    }

    // Returns the error that <c>serve</c> prints.
    private static async Task<string> FailToStartAsync(Dictionary<string, string?> settings, Action<IMcpServerBuilder> configure)
    {
        if (settings.ContainsKey("RemoteMcp:Auth:Mode"))
        {
            settings["RemoteMcp:Auth:TenantId"] = SampleDirectory.ContosoId;
            settings["RemoteMcp:Auth:ClientId"] = SampleDirectory.ServerId;
        }

        var exception = await Assert.ThrowsAnyAsync<Exception>(
            async () => await (await TestServerHost.StartAsync(settings, configure: configure)).DisposeAsync());
        using var error = new StringWriter();
        Assert.True(StartupErrors.TryReport(exception, error), exception.ToString());
        return error.ToString();
    }
}
