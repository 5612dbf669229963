using System.Diagnostics.CodeAnalysis;

namespace RemoteMcp.Emulators.Directories;

/// <summary>All that the emulated Entra ID knows. Tests make their own, or take <see cref="SampleDirectory"/> and change it.</summary>
public sealed class EntraDirectory
{
    public IList<Tenant> Tenants { get; init; } = [];

    public IList<Application> Applications { get; init; } = [];

    /// <summary>Whether a tenant segment of the URL leaves the tenant to be decided by who signs in.</summary>
    public static bool IsMultiTenantSegment(string segment) =>
        segment.Equals("common", StringComparison.OrdinalIgnoreCase) || segment.Equals("organizations", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds a tenant by id or domain.</summary>
    public bool TryFindTenant(string? idOrDomain, [NotNullWhen(true)] out Tenant? tenant)
    {
        tenant = Tenants.FirstOrDefault(candidate =>
            string.Equals(candidate.Id, idOrDomain, StringComparison.OrdinalIgnoreCase)
            || string.Equals(candidate.Domain, idOrDomain, StringComparison.OrdinalIgnoreCase));
        return tenant is not null;
    }

    /// <summary>Finds a client that <paramref name="tenant"/> knows: its own, or any multi-tenant one.</summary>
    public Application? FindClient(string clientId, Tenant? tenant) => Applications.FirstOrDefault(application =>
        string.Equals(application.ClientId, clientId, StringComparison.OrdinalIgnoreCase) && IsKnown(application, tenant));

    /// <summary>Finds the API that a scope's prefix, an audience or a <c>resource</c> parameter names.</summary>
    public Application? FindResource(string name, Tenant? tenant) =>
        Applications.FirstOrDefault(application => application.IsExactly(name) && IsKnown(application, tenant))
        ?? Applications.FirstOrDefault(application => application.IsNamed(name) && IsKnown(application, tenant));

    /// <summary>Finds the tenant in which a person has the account, for sign-ins through <c>common</c>.</summary>
    public Tenant? FindTenantOf(User user) => Tenants.FirstOrDefault(tenant => tenant.Users.Contains(user));

    private static bool IsKnown(Application application, Tenant? tenant) =>
        tenant is null || application.MultiTenant || string.Equals(application.HomeTenantId, tenant.Id, StringComparison.OrdinalIgnoreCase);
}
