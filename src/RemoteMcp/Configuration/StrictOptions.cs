using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RemoteMcp.Configuration;

/// <summary>Options whose section is read to the letter.</summary>
internal static class StrictOptions
{
    /// <summary>Binds options to their section, in which a setting that does not exist is an error, and validates them when the host starts.</summary>
    public static OptionsBuilder<TOptions> AddStrictOptions<TOptions>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class =>
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section), static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
}
