using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.Identity;

internal readonly record struct Caller(string Tenant, string User, string Client)
{
    public static Caller Local { get; } = new("", "local", "");

    public string Key => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Tenant.Length}:{Tenant}{User.Length}:{User}{Client.Length}:{Client}")));

    public static Caller From(ClaimsPrincipal? user) => user?.Identity?.IsAuthenticated == true ? new(
        user.FindFirstValue("tid") ?? "", user.FindFirstValue("oid") ?? user.FindFirstValue("sub") ?? "", user.FindFirstValue("azp") ?? user.FindFirstValue("appid") ?? "") : Local;
}
