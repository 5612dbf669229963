using System.Security.Claims;
using RemoteMcp.Auth.Authentication;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>Tests the identity that distinguishes callers.</summary>
public sealed class CallerTests
{
    [Theory]
    [InlineData("tid", "oid", "azp")]
    [InlineData("tid", "sub", "appid")]
    [InlineData(
        "http://schemas.microsoft.com/identity/claims/tenantid", "http://schemas.microsoft.com/identity/claims/objectidentifier", "azp")]
    [InlineData("tid", ClaimTypes.NameIdentifier, "azp")]
    public void Token_identifies_tenant_user_and_client(string tenant, string user, string client) =>
        Assert.Equal(new Caller("t", "u", "c"), Caller.From(Principal((tenant, "t"), (user, "u"), (client, "c"))));

    [Fact]
    public void Object_id_takes_precedence_over_the_subject() =>
        Assert.Equal("object", Caller.From(Principal(("sub", "subject"), ("oid", "object"))).User);

    [Fact]
    public void Unauthenticated_caller_is_the_local_user()
    {
        Assert.Equal(Caller.Local, Caller.From(null));
        Assert.Equal(Caller.Local, Caller.From(new ClaimsPrincipal()));
        Assert.Equal(Caller.Local, Caller.From(new ClaimsPrincipal(new ClaimsIdentity([new Claim("oid", "u")]))));
    }

    [Fact]
    public void Token_without_a_user_is_not_a_caller() =>
        Assert.Throws<InvalidOperationException>(() => Caller.From(Principal(("tid", "t"), ("oid", ""))));

    [Fact]
    public void Keys_distinguish_callers_and_are_valid_row_keys()
    {
        Caller[] callers =
        [
            Caller.Local, new("t", "u", "c"), new("tu", "", "c"), new("", "tu", "c"), new("t", "uc", ""), new("t", "u", "d"),
            new("T", "u", "c"),
        ];

        Assert.Equal(callers.Length, callers.Select(caller => caller.Key).Distinct().Count());
        Assert.All(callers, caller => Assert.Matches("^[A-Za-z0-9_-]{43}$", caller.Key));
        Assert.Equal(new Caller("t", "u", "c").Key, new Caller("t", "u", "c").Key);
    }

    private static ClaimsPrincipal Principal(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test"));
}
