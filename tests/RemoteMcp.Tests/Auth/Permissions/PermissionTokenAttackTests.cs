using System.Net;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Permissions;

/// <summary>Tests tokens whose claims resemble the required permission but do not grant it.</summary>
public sealed class PermissionTokenAttackTests : GuardedServer
{
    private const string Write = "write_notes";
    private const string Admin = "administer";

    public static TheoryData<string, string, string, object> ClaimAttacks => new()
    {
        { "the beginning of the scope", Write, "scp", "Mcp.Use Files.Writ" },
        { "a longer scope that begins with it", Write, "scp", "Mcp.Use Files.Write.All" },
        { "a longer scope that ends with it", Write, "scp", "Mcp.Use XFiles.Write" },
        { "the scope in another letter case", Write, "scp", "Mcp.Use files.write" },
        { "the scope fully qualified", Write, "scp", "Mcp.Use api://20000000-0000-4000-8000-000000000001/Files.Write" },
        { "scopes separated by commas", Write, "scp", "Mcp.Use Files.Read,Files.Write" },
        { "scopes separated by a tab", Write, "scp", "Mcp.Use Files.Read\tFiles.Write" },
        { "scopes separated by a no-break space", Write, "scp", "Mcp.Use Files.Read\u00a0Files.Write" },
        { "the scope with a zero-width space", Write, "scp", "Mcp.Use Files.\u200bWrite" },
        { "the scope as a role", Write, "roles", new[] { "Files.Write" } },
        { "the role for apps in a user's token", Write, "roles", new[] { "Files.Write.All" } },
        { "the scope in the claim of other issuers", Write, "scope", "Mcp.Use Files.Write" },
        { "the scope in a made-up claim", Write, "scopes", new[] { "Files.Write" } },
        { "the role as a scope", Admin, "scp", "Mcp.Use Mcp.Admin" },
        { "the role in another letter case", Admin, "roles", new[] { "mcp.admin" } },
        { "roles as one string", Admin, "roles", "Mcp.Invoke Mcp.Admin" },
        { "a role that begins with it", Admin, "roles", new[] { "Mcp.Administrator", "Mcp.Admin2" } },
        { "the role in the singular", Admin, "role", "Mcp.Admin" },
        { "the role as a directory role", Admin, "wids", new[] { "Mcp.Admin" } },
        { "the role as a group", Admin, "groups", new[] { "Mcp.Admin" } },
        { "the role in an object", Admin, "roles", new Dictionary<string, object> { ["Mcp.Admin"] = true } },
    };

    [Theory]
    [MemberData(nameof(ClaimAttacks))]
    public async Task Claim_that_resembles_the_permission_gets_403(string attack, string tool, string claim, object value)
    {
        Assert.NotEmpty(attack);
        var token = Token((claim, value));

        using var called = await SendAsync(Messages.PostStateless(Messages.StatelessCall(tool)), token);
        await ChallengeAsync(called);
        Assert.DoesNotContain(
            $"\"{tool}\"", (await AnswerAsync(Stateless("tools/list", ""), token)).ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(GuardedCode.Calls);
    }

    [Theory]
    [InlineData(Write, "Files.Write")]
    [InlineData(Write, "files.write.all")]
    [InlineData(Write, "Mcp.Admin")]
    [InlineData("burn_notes", "Files.Write.All")]
    [InlineData(Admin, "Files.Write.All")]
    public async Task App_with_a_different_role_gets_403(string tool, string role)
    {
        using var called = await SendAsync(Messages.PostStateless(Messages.StatelessCall(tool)), AppToken("Mcp.Invoke", role));

        await ChallengeAsync(called);
        Assert.Empty(GuardedCode.Calls);
    }

    [Fact]
    public async Task Scope_of_a_different_API_gets_401()
    {
        var token = Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Graph)
        {
            User = Sample.Adele,
            Scopes = ["Mcp.Use", "Files.Write"],
        });
        using var called = await SendAsync(Messages.PostStateless(Messages.StatelessCall(Write)), token);

        Assert.Equal(HttpStatusCode.Unauthorized, called.StatusCode);
        Assert.Empty(GuardedCode.Calls);
    }
}
