using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace RemoteMcp.Observability;

/// <summary>Registers the rules for everything that the process logs.</summary>
internal static class SafeLogging
{
    // The server already logs the same events in one line of its own. A setting such as Logging__LogLevel__Microsoft.IdentityModel
    // overrides a rule.
    private static readonly LoggerFilterRule[] s_rules =
    [
        // For each invalid token, they write several entries with its claims and all keys. The audit log has one line.
        new(null, "Microsoft.IdentityModel", LogLevel.None, null),
        new(null, "Microsoft.AspNetCore.Authentication.JwtBearer", LogLevel.None, null),
        // Each call writes four entries, and a failed call two with the same exception. The code that calls handles the failure.
        new(null, "System.Net.Http.HttpClient", LogLevel.Warning, null),
    ];

    /// <summary>Adds the rules. They apply to every provider, also to those that a host adds later.</summary>
    public static IServiceCollection AddSafeLogging(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddSingleton<LoggerFactory>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, SafeLoggerFactory>());
        services.Configure<LoggerFilterOptions>(static filters =>
        {
            // Of two rules for the same category, the later one applies, and that is the one of the settings.
            foreach (var rule in s_rules)
            {
                filters.Rules.Insert(0, rule);
            }
        });
        return services;
    }

    /// <summary>Exempts a log from the limit of lines in a second (<see cref="CompleteLog"/>).</summary>
    /// <typeparam name="T">The class whose name is the category.</typeparam>
    public static IServiceCollection AddCompleteLog<T>(this IServiceCollection services) =>
        services.AddSingleton(new CompleteLog(typeof(T).FullName!));
}
